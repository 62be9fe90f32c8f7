using System.Text;
using CsCheck;
using UpgradeWatch.Connectors.Scrape.Exposition;

namespace UpgradeWatch.Connectors.Tests.Scrape.Exposition;

public sealed class ExpositionFuzzTests
{
    private static readonly string[] Pieces =
    [
        "wanted", "other", "{", "}", "=", ",", "\"", "\\", "\n", "\r\n", " ", "\t", "#", "# EOF\n", "# TYPE wanted counter\n", "a", "le", "\"b\"", "1", "-2.5e3",
        "NaN", "+Inf", "1700000000000", "wanted{a=\"b\"} 1\n", "wanted 2\n", "wanted{le=\"0.5\"} 3 # {t=\"x\"} 1 2\n", "\0", "ü", "\uFFFD",
    ];

    private static readonly Gen<byte[]> Nonsense = Gen.Byte.Array[0, 200];

    private static readonly Gen<byte[]> NearlyRight =
        Gen.Int[0, Pieces.Length - 1].Array[0, 60].Select(picks => Encoding.UTF8.GetBytes(string.Concat(picks.Select(pick => Pieces[pick]))));

    private static int Size => Environment.GetEnvironmentVariable("UPGRADEWATCH_FULL") == "1" ? 200_000 : 5_000;

    [Fact]
    public void Nothing_that_a_target_sends_crashes_or_confuses_it() =>
        Gen.OneOf(Nonsense, NearlyRight).Array[1, 4].Sample(bodies =>
        {
            // The same parser sees one body after the other, as with a target.
            var bench = new ExpositionBench();
            foreach (var body in bodies)
            {
                foreach (var format in (ExpositionFormat[])[ExpositionFormat.Text, ExpositionFormat.OpenMetrics])
                {
                    var error = bench.Parse(body, format);
                    Assert.Equal(error, new ExpositionBench().Parse(body, format));
                    Assert.True(error is null || error.Length < 250, error);
                }
            }
        }, iter: Size);

    [Fact]
    public void Every_cut_of_an_OpenMetrics_body_is_noticed()
    {
        const string Body = "# TYPE wanted counter\nwanted{a=\"b\"} 123\nwanted{a=\"c\"} 456 # {t=\"x\"} 1\n# EOF\n";
        for (var length = 0; length < Body.Length - 1; length++)
        {
            Assert.NotNull(new ExpositionBench().Parse(Body[..length], ExpositionFormat.OpenMetrics, isWhole: true));
        }
    }

    [Fact]
    public void Values_survive_the_way_through_the_text() =>
        Gen.Double.Sample(value => Assert.Equal([("", value)], new ExpositionBench().Samples($"wanted {value:R}\n")), iter: Size);
}
