package io.perch.systemtests.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromQlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "up == 0 | up",
                "max by (instance) (one_seconds) > 1e3 | one_seconds",
                "sum by (le, job) (rate(two_bucket{job=\"a\", uri=~\"b{2}\"}[$__rate_interval])) | two_bucket",
                "rec:three:ratio15m > 0.5 and on (instance) four offset 5m != NaN | four,rec:three:ratio15m",
                "histogram_quantile(0.95, sum(rate(five_bucket[5m])) or vector(0)) | five_bucket",
            })
    void anExpressionReadsTheseMetrics(String expression, String metrics) {
        assertThat(PromQl.metrics(expression)).containsExactly(metrics.split(","));
    }

    @ParameterizedTest
    @CsvSource({"a_seconds_bucket,a_seconds", "a_size_max,a_size", "a_total,a_total"})
    void aSeriesBelongsToThisFamily(String series, String family) {
        assertThat(PromQl.family(series)).isEqualTo(family);
    }
}
