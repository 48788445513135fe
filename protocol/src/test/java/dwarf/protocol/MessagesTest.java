package dwarf.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dwarf.base.DwarfException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessagesTest {

  private static final long SEED = Long.getLong("dwarf.seed", System.nanoTime());

  static List<SampleMessages.Sample> samples() {
    return SampleMessages.all();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void bytesAreTheGoldenOnes(SampleMessages.Sample sample) {
    assertThat(sample.name() + " " + hex(bytes(sample)))
        .isEqualTo(sample.name() + " " + golden().get(sample.name()));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void decodingRestoresEveryField(SampleMessages.Sample sample) {
    byte[] bytes = bytes(sample);
    Message decoded = decode(sample, bytes);
    assertThat(hex(encode(decoded))).isEqualTo(hex(bytes));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyTruncationIsRefused(SampleMessages.Sample sample) {
    byte[] bytes = bytes(sample);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> decode(sample, cut))
          .as("%s cut to %d", sample, length)
          .isInstanceOf(DwarfException.class)
          .extracting(e -> ((DwarfException) e).kind())
          .isEqualTo(DwarfException.Kind.CORRUPTION);
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void bytesBehindTheLastFieldAreRefused(SampleMessages.Sample sample) {
    byte[] longer = Arrays.copyOf(bytes(sample), bytes(sample).length + 1);
    assertThatThrownBy(() -> decode(sample, longer)).isInstanceOf(DwarfException.class);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void damagedBytesNeverBreakTheDecoder(SampleMessages.Sample sample) {
    Random random = new Random(SEED);
    byte[] bytes = bytes(sample);
    for (int round = 0; round < 2_000 && bytes.length > 0; round++) {
      byte[] damaged = bytes.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        decode(sample, damaged);
      } catch (DwarfException refused) {
        assertThat(refused.kind())
            .as("seed %d, %s", SEED, sample)
            .isEqualTo(DwarfException.Kind.CORRUPTION);
      }
    }
  }

  @Test
  void everyOpcodeHasItsOwnCodeForEver() {
    assertThat(Arrays.stream(Opcode.values()).map(opcode -> opcode.code() + " " + opcode).toList())
        .containsExactly(
            "1 HELLO",
            "2 ATTACH",
            "3 RENEW",
            "4 ALLOCATE",
            "5 SEAL",
            "6 FREE",
            "16 GET",
            "17 MULTI_GET",
            "18 SCAN",
            "32 SUBMIT",
            "33 AWAIT",
            "34 CANCEL",
            "48 REGISTER",
            "49 TAKE",
            "50 HEARTBEAT",
            "51 COMPLETE",
            "52 FAIL");
    assertThatThrownBy(() -> Opcode.fromCode(7)).isInstanceOf(DwarfException.class);
    assertThatThrownBy(() -> Opcode.fromCode(-1)).isInstanceOf(DwarfException.class);
  }

  @Test
  void replyCarriesTheLoadInFront() {
    NodeLoad load = new NodeLoad(1, 2, 3, 4);
    MemorySegment bytes = Messages.encodeReply(load, GetReply.ABSENT);
    assertThat(bytes.byteSize()).isEqualTo(24 + 14);
    Messages.Reply<GetReply> reply = Messages.decodeReply(Opcode.GET, bytes, GetReply::decode);
    assertThat(reply.load()).isEqualTo(load);
    assertThat(reply.message().state()).isEqualTo(GetReply.ABSENT.state());
  }

  @Test
  void builtScanReplyHasTheBytesOfTheRecord() {
    SampleMessages.Sample sample =
        samples().stream().filter(s -> s.name().equals("scan-reply")).findFirst().orElseThrow();
    ScanReply reply = (ScanReply) sample.message();
    ScanReplyBuilder builder = new ScanReplyBuilder();
    reply.rows().forEach(row -> builder.add(row.key(), row.sequence(), row.type(), row.value()));
    builder.setMore(reply.more());
    assertThat(hex(encode(builder))).isEqualTo(hex(encode(reply)));
    assertThat(builder.count()).isEqualTo(2);
  }

  private static Message decode(SampleMessages.Sample sample, byte[] bytes) {
    return Messages.decode(Opcode.HELLO, MemorySegment.ofArray(bytes), sample.decoder());
  }

  private static byte[] bytes(SampleMessages.Sample sample) {
    return encode(sample.message());
  }

  private static byte[] encode(Message message) {
    return Messages.encode(message).toArray(ValueLayout.JAVA_BYTE);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static Map<String, String> golden() {
    try (InputStream in = MessagesTest.class.getResourceAsStream("messages.golden")) {
      Map<String, String> golden = new HashMap<>();
      new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split(" ", 2))
          .forEach(parts -> golden.put(parts[0], parts[1]));
      return golden;
    } catch (IOException unreadable) {
      throw new AssertionError(unreadable);
    }
  }
}
