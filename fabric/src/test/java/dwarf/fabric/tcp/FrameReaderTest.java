package dwarf.fabric.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {

  private static final int MAX = 1 << 16;

  /** Remembers frames as text; may be told to stop after each. */
  private static final class Recorder implements FrameReader.Receiver {

    final List<String> frames = new ArrayList<>();
    int allowed = Integer.MAX_VALUE;

    @Override
    public FrameSink begin(FrameHeader header) {
      return new CollectSink(
          header.length(),
          bytes -> {
            frames.add(header.code() + ":" + bytes.length);
            allowed--;
          });
    }

    @Override
    public boolean mayProceed() {
      return allowed > 0;
    }
  }

  private static byte[] stream(Random random, int frames, List<String> expected) {
    ByteBuf all = Unpooled.buffer();
    for (int i = 0; i < frames; i++) {
      byte[] payload = new byte[random.nextInt(10) == 0 ? random.nextInt(MAX) : random.nextInt(50)];
      random.nextBytes(payload);
      all.writeBytes(Wire.request(i, i, payload));
      expected.add(i + ":" + payload.length);
    }
    return Wire.bytes(all);
  }

  @Test
  void framesDoNotDependOnHowTheBytesArrive() {
    long seed = Long.getLong("dwarf.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      List<String> expected = new ArrayList<>();
      ByteBuf in = Unpooled.wrappedBuffer(stream(random, 20, expected));
      Recorder recorder = new Recorder();
      FrameReader reader = new FrameReader(MAX, recorder);
      while (in.isReadable()) {
        int piece =
            Math.min(in.readableBytes(), 1 + random.nextInt(random.nextBoolean() ? 40 : MAX));
        reader.feed(in.readSlice(piece));
      }
      assertThat(recorder.frames).as("-Ddwarf.seed=%d", seed).isEqualTo(expected);
    }
  }

  @Test
  void everyTruncationOnlyWaits() {
    byte[] frame = Wire.request(1, 1, new byte[20]);
    for (int cut = 0; cut < frame.length; cut++) {
      Recorder recorder = new Recorder();
      FrameReader reader = new FrameReader(MAX, recorder);
      reader.feed(Unpooled.wrappedBuffer(frame, 0, cut));
      assertThat(recorder.frames).isEmpty();
      reader.feed(Unpooled.wrappedBuffer(frame, cut, frame.length - cut));
      assertThat(recorder.frames).hasSize(1);
    }
  }

  @Test
  void everyBitOfAFrameCounts() {
    byte[] frame = Wire.request(1, 1, new byte[20]);
    for (int bit = 0; bit < 8 * frame.length; bit++) {
      byte[] bad = frame.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      Recorder recorder = new Recorder();
      assertThatThrownBy(() -> new FrameReader(MAX, recorder).feed(Unpooled.wrappedBuffer(bad)))
          .isInstanceOfSatisfying(
              DwarfException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CORRUPTION));
      assertThat(recorder.frames).isEmpty();
    }
  }

  @Test
  void aReceiverThatMayNotProceedGetsNoFurtherFrame() {
    List<String> expected = new ArrayList<>();
    ByteBuf in = Unpooled.wrappedBuffer(stream(new Random(1), 5, expected));
    Recorder recorder = new Recorder();
    FrameReader reader = new FrameReader(MAX, recorder);
    for (int frames = 0; frames < 5; frames++) {
      recorder.allowed = 0;
      reader.feed(in);
      assertThat(recorder.frames).hasSize(frames);
      recorder.allowed = 1;
      reader.feed(in);
    }
    assertThat(recorder.frames).isEqualTo(expected);
    assertThat(in.isReadable()).isFalse();
  }

  @Test
  void announcedLengthsCostNothingUntilTheBytesArrive() {
    long before = allocatedBytes();
    List<FrameReader> readers = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      FrameReader reader = new FrameReader(16 << 20, new Recorder());
      reader.feed(Unpooled.wrappedBuffer(Wire.header(FrameType.REQUEST, 16 << 20)));
      readers.add(reader);
    }
    assertThat(allocatedBytes() - before).isLessThan(200L * (128 << 10));
    assertThat(readers).hasSize(200);
  }

  private static long allocatedBytes() {
    return ((com.sun.management.ThreadMXBean)
            java.lang.management.ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }
}
