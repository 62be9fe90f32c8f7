using UpgradeWatch.Analysis.Sentences;

namespace UpgradeWatch.Analysis.Tests.Sentences;

public class UnitsTests
{
    [Theory]
    [InlineData(0.412345, "seconds", "412 ms")]
    [InlineData(0.00041, "seconds", "410 µs")]
    [InlineData(2.5, "seconds", "2.5 s")]
    [InlineData(0, "seconds", "0 s")]
    [InlineData(0.0312, "ratio", "3.12 %")]
    [InlineData(0.001, "ratio", "0.1 %")]
    [InlineData(1e-9, "ratio", "0.0000001 %")]
    [InlineData(12345.6, "requests_per_second", "12,346/s")]
    [InlineData(49.96, "requests_per_second", "50/s")]
    [InlineData(3 * 1024 * 1024, "bytes", "3 MiB")]
    [InlineData(1536, "bytes_per_second", "1.5 KiB/s")]
    [InlineData(17.04, "threads", "17 threads")]
    [InlineData(0.5, "", "0.5")]
    [InlineData(1e20, "", "1E+20")]
    [InlineData(double.NaN, "seconds", "unknown")]
    public void Values_are_written_as_people_write_them(double value, string unit, string expected) =>
        Assert.Equal(expected, Units.Format(value, unit));

    [Theory]
    [InlineData(0.0000001, "chance alone does this in under 0.1 % of good upgrades")]
    [InlineData(0.0034, "chance alone does this in about 0.34 % of good upgrades")]
    public void No_smaller_chance_than_one_in_a_thousand_is_claimed(double p, string expected) =>
        Assert.Equal(expected, Chances.Words(p));
}
