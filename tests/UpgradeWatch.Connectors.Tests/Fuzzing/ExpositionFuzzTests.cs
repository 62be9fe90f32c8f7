using UpgradeWatch.Connectors.Scrape.Exposition;
using UpgradeWatch.Connectors.Tests.Scrape.Exposition;
using UpgradeWatch.TestKit.Fuzzing;

namespace UpgradeWatch.Connectors.Tests.Fuzzing;

public sealed class ExpositionFuzzTests
{
    [Theory]
    [InlineData("text.prom", false)]
    [InlineData("openmetrics.prom", true)]
    public void What_is_damaged_here_is_read_as_long_as_it_is_whole(string file, bool isOpenMetrics) =>
        Assert.Null(new ExpositionBench().Parse(File.ReadAllBytes($"Fuzzing/Corpus/exposition/{file}"), isOpenMetrics ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_a_target_shows_is_read_or_refused_in_a_sentence(bool isOpenMetrics)
    {
        var format = isOpenMetrics ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
        Fuzz.Run("Fuzzing/Corpus/exposition", () =>
        {
            // One parser for many scrapes, as for one target: what a body leaves behind must not harm the next one.
            var bench = new ExpositionBench();
            return body =>
            {
                var refusal = bench.Parse(body, format, isWhole: body.Length % 2 == 0);
                if (refusal is not null) Assert.InRange(refusal.Length, 1, 1000);
            };
        });
    }
}
