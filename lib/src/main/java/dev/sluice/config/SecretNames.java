package dev.sluice.config;

import dev.sluice.seam.Seam;
import java.util.regex.Pattern;

/// Names whose values are secrets: of headers, parameters, fields and keys.
@Seam
public final class SecretNames {
  private static final Pattern SECRET =
      Pattern.compile(
          "authorization|cookie|token|secret|passw|passphrase|passcode|signature|credential|bearer"
              + "|x-amz-security|session[-_.]?id|jwt"
              + "|(api|access|private|pvt|subscription|application|app|functions|function|master"
              + "|account|license|licence|shared|signing|encryption|auth|service|host|admin|client"
              + "|motherduck)[-_.]?key"
              + "|^(sig|auth|key|pwd|pass|pw|sas|otp|hmac|assertion|client_assertion"
              + "|code_verifier|x-auth)$|[-_.]pwd$|^x-.*-key$",
          Pattern.CASE_INSENSITIVE);

  /// Names of cursors hold the word token too, and must stay readable in messages and recordings.
  private static final Pattern CURSOR =
      Pattern.compile(
          "(next|page|pagination|continuation|cursor|sync|delta|skip|resume|scroll)"
              + "[-_.]?(page)?[-_.]?token",
          Pattern.CASE_INSENSITIVE);

  /// Fields that tell about a secret and hold none.
  private static final Pattern ABOUT =
      Pattern.compile(
          "(type|types|url|uri|endpoint|expires|expires_?in|expires_?at|expiry|count|limit|methods?"
              + "|algorithm|policy|supported|required|enabled)$",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ORDINARY =
      Pattern.compile("^(key|auth|sas|pass|pw|hmac)$", Pattern.CASE_INSENSITIVE);

  private SecretNames() {}

  /// Whether a header or parameter of this name holds a secret.
  public static boolean isSecret(String name) {
    return SECRET.matcher(name).find() && !CURSOR.matcher(name).find();
  }

  /// Whether a field of a body or a text does: there `key` names many a thing.
  public static boolean isSecretField(String name) {
    return isSecret(name) && !ABOUT.matcher(name).find() && !ORDINARY.matcher(name).matches();
  }
}
