package dwarf.evaluate.report;

import dwarf.base.DwarfException;
import dwarf.base.DwarfException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/** The files the page is made of, from the class path. */
final class Assets {

  private static final String CHART_PROPERTIES =
      "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

  private Assets() {}

  /** A file of this package. */
  static String own(String name) {
    return read(name);
  }

  /**
   * Chart.js as one script. Its address has its version in it, which the archive itself knows. The
   * reference to its source map is left out: a browser's tools would look for that file.
   */
  static String chart() {
    String path =
        "/META-INF/resources/webjars/chart.js/" + chartVersion() + "/dist/chart.umd.min.js";
    return read(path).replaceAll("(?m)^//# sourceMappingURL=.*$", "").strip();
  }

  private static String chartVersion() {
    try {
      Properties properties = new Properties();
      properties.load(new StringReader(read(CHART_PROPERTIES)));
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new DwarfException(Kind.IO_ERROR, "cannot read " + CHART_PROPERTIES, e);
    }
  }

  private static String read(String name) {
    try (InputStream stream = Assets.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new DwarfException(
            Kind.INTERNAL, name + " is not on the class path; the build left it out");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new DwarfException(Kind.IO_ERROR, "cannot read " + name + " from the class path", e);
    }
  }
}
