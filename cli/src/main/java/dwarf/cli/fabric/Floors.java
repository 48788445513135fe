package dwarf.cli.fabric;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dwarf.base.DwarfException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/**
 * What no transport beats on this machine: copying the bytes, and sending them through a plain
 * blocking socket to another thread, with nothing checked and nothing in between.
 */
final class Floors {

  private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

  private final Measurement measurement;

  Floors(Times times) {
    measurement = new Measurement(times);
  }

  ObjectNode copy() {
    ObjectNode results = JsonNodeFactory.instance.objectNode();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment from = arena.allocate(FabricBenchPart.WRITE_BYTES, 4096).fill((byte) 1);
      MemorySegment to = arena.allocate(FabricBenchPart.WRITE_BYTES, 4096).fill((byte) 2);
      copies(from, to, FabricBenchPart.READ_BYTES).into(results, "read4KiB");
      copies(from, to, FabricBenchPart.WRITE_BYTES).into(results, "write16MiB");
    }
    return results;
  }

  private Measurement.Result copies(MemorySegment from, MemorySegment to, long bytes) {
    return measurement.of(
        1,
        () -> {
          MemorySegment.copy(from, 0, to, 0, bytes);
          return DONE;
        });
  }

  ObjectNode socket() {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread server = Thread.ofPlatform().daemon().start(() -> answer(listening));
      try (Socket socket = new Socket(listening.getInetAddress(), listening.getLocalPort())) {
        ObjectNode results = JsonNodeFactory.instance.objectNode();
        exchanges(socket).into(results, "request");
        return results;
      } finally {
        server.interrupt();
      }
    } catch (IOException e) {
      throw DwarfException.io("a socket on the loopback address failed: " + e, e);
    }
  }

  private Measurement.Result exchanges(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    byte[] request = new byte[FabricBenchPart.REQUEST_BYTES];
    byte[] reply = new byte[FabricBenchPart.REPLY_BYTES];
    return measurement.of(
        1,
        () -> {
          try {
            out.write(request);
            in.readFully(reply);
            return DONE;
          } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
          }
        });
  }

  private static void answer(ServerSocket listening) {
    try (Socket socket = listening.accept()) {
      socket.setTcpNoDelay(true);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] request = new byte[FabricBenchPart.REQUEST_BYTES];
      while (in.readNBytes(request, 0, request.length) == request.length) {
        socket.getOutputStream().write(new byte[FabricBenchPart.REPLY_BYTES]);
      }
    } catch (IOException e) {
      throw DwarfException.io("a socket on the loopback address failed: " + e, e);
    }
  }
}
