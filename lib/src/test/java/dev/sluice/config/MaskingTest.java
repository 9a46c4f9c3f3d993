package dev.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "no login with password=hunter2, user=ada | no login with password=***, user=ada",
        "pwd = 'hunter 2' | pwd = ***",
        "AccountKey=aGVsbG8=;x=1 | AccountKey=***;x=1",
        "https://ada:hunter2@host/x | https://***@host/x",
        "https://ada:hun/ter2@host/x | https://***@host/x",
        "https://host:8080/a@b | https://host:8080/a@b",
        "ftp://ada@host, http://h | ftp://***@host, http://h",
        "{\"password\": \"hunter2\", \"n\": 1} | {\"password\": \"***\", \"n\": 1}",
        "{'access_token': 'hunter2'} | {'access_token': '***'}",
        "WHERE password = ? AND token = :t | WHERE password = ? AND token = :t",
        "total_tokens=512, next_page_token=abc, key=7 | total_tokens=512, next_page_token=abc, key=7",
        "allow it with extract.allow_secrets_in_data = true | allow it with extract.allow_secrets_in_data = true",
        "column 'token' is text: 5 rows | column 'token' is text: 5 rows"
      })
  void namesAndPlacesTellWhatIsSecret(String text, String masked) {
    assertThat(Masking.telling(text)).isEqualTo(masked);
    assertThat(Masking.telling(masked)).isEqualTo(masked);
  }

  @Test
  void aShortSecretIsHiddenWhereItStandsAlone() {
    assertThat(Masking.text("pw of pwd, 'pw', pw.", List.of("pw")))
        .isEqualTo("*** of pwd, '***', ***.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a-",
        "a.b+",
        "a=",
        "\"a\":",
        "://",
        "jdbc:",
        "a://b:",
        "'",
        "{",
        "\\",
        "@",
        "jdbc:x:y=",
        "password=",
        "\"token\":["
      })
  @Timeout(value = 120, unit = TimeUnit.SECONDS)
  void textsOfAMegabyteAreReadInTime(String piece) {
    var text = piece.repeat(1_000_000 / piece.length());
    assertThatCode(() -> Masking.telling(text)).doesNotThrowAnyException();
    assertThatCode(() -> Masking.telling(text + "@=:")).doesNotThrowAnyException();
  }

  @Test
  void aCircleOfCausesEnds() {
    var outer = new IllegalStateException("hunter2");
    var inner = new IllegalStateException("inner", outer);
    outer.initCause(inner);
    var masked = Masking.chain(outer, text -> text.replace("hunter2", "***"));
    assertThat(masked).hasToString("java.lang.IllegalStateException: ***");
    assertThat(masked.getCause()).hasToString("java.lang.IllegalStateException: inner");
    assertThat(masked.getStackTrace()).isEqualTo(outer.getStackTrace());
  }
}
