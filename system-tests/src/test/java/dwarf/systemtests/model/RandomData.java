package dwarf.systemtests.model;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Keys, values and choices of one stream. */
final class RandomData {

  private final SplittableRandom random;
  private final ModelConfig config;

  RandomData(ModelConfig config, long seed) {
    this.config = config;
    this.random = new SplittableRandom(~seed);
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  boolean oneIn(int chances) {
    return random.nextInt(chances) == 0;
  }

  <T> T anyOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** Some with a long common prefix, some more often than others, one empty. */
  byte[] key() {
    int number = random.nextInt(config.keys());
    if (number == 0) {
      return new byte[0];
    }
    int skewed = oneIn(4) ? number % 5 : number;
    return (skewed % 3 == 0 ? "user/profile/" + skewed : Integer.toHexString(skewed * 7919))
        .getBytes(StandardCharsets.UTF_8);
  }

  byte[] value() {
    byte[] value = new byte[oneIn(20) ? 0 : random.nextInt(config.maxValue())];
    random.nextBytes(value);
    return value;
  }
}
