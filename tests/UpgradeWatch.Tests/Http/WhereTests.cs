using System.Text.Json;
using UpgradeWatch.Analysis.Where;
using UpgradeWatch.Tests.Hosting;

namespace UpgradeWatch.Tests.Http;

public sealed class WhereTests
{
    [Fact]
    public async Task A_failing_finding_says_in_words_and_in_fields_where_it_is()
    {
        await using var server = await RunningServer.StartAsync();
        server.Source.Where = new Breakdown
        {
            Labels = ["route", "code", "pod"],
            Events =
            [
                new LabelledCount(["/<b>", "500", "a"], 10, 3), new LabelledCount(["/<b>", "500", "b"], 10, 3),
                new LabelledCount(["/<b>", "503", "a"], 0, 300), new LabelledCount(["/<b>", "503", "b"], 0, 310),
            ],
            Exposures =
            [
                new LabelledCount(["/<b>", "", "a"], 9_000, 1_500), new LabelledCount(["/<b>", "", "b"], 9_000, 1_500),
                new LabelledCount(["/cart", "", "a"], 9_000, 1_500), new LabelledCount(["/cart", "", "b"], 9_000, 1_500),
            ],
            SecondsBefore = 3600,
            SecondsSince = 600,
        };

        var id = await VerdictApiTests.FailAsync(server);

        var verdict = await server.GetAsync($"/api/v1/upgrades/{id}/verdict");
        var finding = verdict.GetProperty("findings")[0];
        var where = finding.GetProperty("where");
        const string Sentence = "All of it is in route /‹b›, code 503 (new), on both pods.";
        Assert.Equal(Sentence.Replace("code", "status", StringComparison.Ordinal), where.GetProperty("sentence").GetString());
        Assert.EndsWith(where.GetProperty("sentence").GetString()!, finding.GetProperty("reason").GetString());
        Assert.Equal("/<b>", where.GetProperty("labels")[0].GetProperty("values")[0].GetString());
        Assert.True(where.GetProperty("labels")[2].GetProperty("spread").GetBoolean());
        Assert.Equal("503", where.GetProperty("new")[0].GetProperty("value").GetString());
        Assert.Equal(JsonValueKind.String, where.GetProperty("until").ValueKind);
        Assert.DoesNotContain("NaN", verdict.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_finding_of_which_nobody_knows_where_it_is_has_none()
    {
        await using var server = await RunningServer.StartAsync();

        var id = await VerdictApiTests.FailAsync(server);

        Assert.Equal(JsonValueKind.Null, (await server.GetAsync($"/api/v1/upgrades/{id}/verdict")).GetProperty("findings")[0].GetProperty("where").ValueKind);
    }
}
