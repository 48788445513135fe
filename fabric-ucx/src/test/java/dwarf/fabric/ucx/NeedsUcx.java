package dwarf.fabric.ucx;

import dwarf.base.DwarfException;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips tests where UCX is not installed, with what to install as the reason. */
final class NeedsUcx implements ExecutionCondition {

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    try {
      UcxLibrary.require();
      return ConditionEvaluationResult.enabled("UCX is installed");
    } catch (DwarfException e) {
      return ConditionEvaluationResult.disabled(e.getMessage());
    }
  }
}
