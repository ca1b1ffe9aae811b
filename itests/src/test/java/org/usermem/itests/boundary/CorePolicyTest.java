package org.usermem.itests.boundary;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.usermem.itests.BuiltModules;
import org.usermem.sentry.check.CoreModules;
import org.usermem.sentry.check.PluginCheck;
import org.usermem.sentry.check.PluginFiles;
import org.usermem.sentry.check.Rule;
import org.usermem.sentry.check.Violation;
import org.usermem.sentry.policy.Policy;

/** The policy is true of the sentry's own modules: each keeps to its layer. */
class CorePolicyTest {

  static List<String> modules() {
    return BuiltModules.NAMES;
  }

  @ParameterizedTest
  @MethodSource("modules")
  void keepsToItsLayer(String module) throws IOException {
    Policy policy = Policy.standard();
    PluginFiles files =
        PluginFiles.read(BuiltModules.jar(module), path -> policy.placeCore(module));
    List<String> broken =
        new PluginCheck(policy, CoreModules.ofThisJvm())
            .check(files.candidates()).violations().stream()
                .filter(Violation::refused)
                // That a core module has its own name and packages is no lie.
                .filter(v -> v.rule() != Rule.IDENTITY && v.rule() != Rule.SPLIT_PACKAGE)
                .map(Violation::toString)
                .toList();
    assertEquals(List.of(), broken);
  }
}
