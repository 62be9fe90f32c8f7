using System.Text.Json;
using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.TestKit.Fuzzing;

namespace UpgradeWatch.Connectors.Tests.Fuzzing;

public sealed class PrometheusFuzzTests
{
    private const string Corpus = "Fuzzing/Corpus/prometheus";
    private static readonly StepGrid Grid = new(15, 1_700_000_000 / 15, 100);

    [Theory]
    [InlineData("matrix.json", 2)]
    [InlineData("vector.json", 1)]
    [InlineData("histogram.json", 1)]
    public void What_is_damaged_here_is_read_as_long_as_it_is_whole(string file, int series)
    {
        var points = new PointList();
        Assert.Equal("success", ReplyReader.ReadSamples(File.ReadAllBytes($"{Corpus}/{file}"), points).Status);
        Assert.Equal(series, points.Series.Count);
    }

    [Fact]
    public void Whatever_answers_a_range_query_is_read_or_refused() =>
        Fuzz.Run(Corpus, () => json => Read(() => ReplyReader.ReadSamples(json, new Matrix(Grid, double.NaN))));

    [Fact]
    public void Whatever_answers_an_instant_query_is_read_or_refused() =>
        Fuzz.Run(Corpus, () => json => Read(() => ReplyReader.ReadSamples(json, new PointList())));

    [Fact]
    public void Whatever_answers_a_request_for_names_is_read_or_refused() =>
        Fuzz.Run(Corpus, () => json => Read(() => ReplyReader.ReadStrings(json, [])));

    // What the client turns into a failure of the source; the last one is text that is not UTF-8.
    private static void Read(Action read)
    {
        try
        {
            read();
        }
        catch (Exception refusal) when (refusal is JsonException or ReplyFormatException or InvalidOperationException)
        {
            Assert.NotEmpty(refusal.Message);
        }
    }
}
