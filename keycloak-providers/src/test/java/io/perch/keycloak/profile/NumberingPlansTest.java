package io.perch.keycloak.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberType;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberingPlansTest {

    private static final PhoneNumberUtil UTIL = PhoneNumberUtil.getInstance();

    private final NumberingPlans plans = new NumberingPlans();

    @ParameterizedTest
    @MethodSource("anExampleOfEveryRegionAndKind")
    void anExampleOfEveryRegionAndKindIsReadCorrectly(String number) {
        assertEquals(Optional.of(number), plans.e164(number, null));
        assertTrue(number.matches("\\+[0-9]{2,15}"), number);
    }

    @ParameterizedTest
    @CsvSource({
        "030 23125000, DE, +493023125000",
        "030/23125-000, de, +493023125000",
        "(0)30 23125000, DE, +493023125000",
        "0043 1 5123456, DE, +4315123456",
        "+41 44 668 18 00, DE, +41446681800",
        "202-555-0123, US, +12025550123",
        "1-800-FLOWERS, US, +18003569377",
        "06 6982, IT, +39066982",
        "011 15 2345 6789, AR, +5491123456789"
    })
    void aNationalNumberIsReadWithItsRegion(String text, String region, String e164) {
        assertEquals(Optional.of(e164), plans.e164(text, region));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+49 30 23125000",
                " +493023125000 ",
                "+49 (0)30 23125000",
                "tel:+49-30-23125000",
                "+493023125000;ext=7",
                "+493023125000 x7",
                "\uFF0B493023125000",
                "+\u0664\u0669\u0663\u0660\u0662\u0663\u0661\u0662\u0665\u0660\u0660\u0660",
                "+493023125000\u0000",
                "+493023125000\n",
                "+49\u200B3023125000"
            })
    void otherNotationsOfANumberAreReadToo(String text) {
        assertEquals(Optional.of("+493023125000"), plans.e164(text, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "+",
                "+0",
                "030 23125000",
                "493023125000",
                "+49",
                "+4912",
                "+493",
                "+999123456789",
                "+12025550",
                "+1202555012345",
                "+493023125000123456",
                "nobody@example.com",
                "<script>alert(1)</script>",
                "\u0000",
                "++493023125000+1"
            })
    void otherTextIsNotReadWithoutARegion(String text) {
        assertEquals(Optional.empty(), plans.e164(text, null));
    }

    @Test
    void anUnknownRegionIsLikeNone() {
        assertEquals(Optional.empty(), plans.e164("030 23125000", "XX"));
        assertEquals(Optional.of("+493023125000"), plans.e164("+493023125000", "XX"));
    }

    @Test
    void textThatIsTooLongIsNotRead() {
        String padded = "+493023125000" + " ".repeat(NumberingPlans.MAX_LENGTH);
        assertEquals(Optional.of("+493023125000"), plans.e164(padded.substring(0, NumberingPlans.MAX_LENGTH), null));
        assertEquals(Optional.empty(), plans.e164(padded.substring(0, NumberingPlans.MAX_LENGTH + 1), null));
        assertEquals(Optional.empty(), plans.e164("+" + "1".repeat(10_000_000), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DE", "de", "US", "IN", "XK"})
    void regionsAreKnownByTheirCode(String region) {
        assertTrue(plans.know(region));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "XX", "ZZ", "DEU", "49", "001", "Germany", "DE ", "UK"})
    void anythingElseIsNoRegion(String region) {
        assertFalse(plans.know(region));
    }

    static Stream<String> anExampleOfEveryRegionAndKind() {
        return UTIL.getSupportedRegions().stream()
                .flatMap(region ->
                        Stream.of(PhoneNumberType.values()).map(kind -> UTIL.getExampleNumberForType(region, kind)))
                .filter(Objects::nonNull)
                .filter(UTIL::isValidNumber)
                .map(number -> UTIL.format(number, PhoneNumberFormat.E164))
                .distinct();
    }
}
