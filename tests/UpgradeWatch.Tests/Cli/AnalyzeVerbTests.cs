using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Cli;

public class AnalyzeVerbTests
{
    private const int Start = 1_777_900_020;
    private const int Change = Start + (120 * 60);

    [Theory]
    [InlineData(1.0, 0, "pass")]
    [InlineData(6.0, 1, "fail")]
    public async Task Errors_that_grow_fail_and_errors_that_stay_pass(double times, int exitCode, string status)
    {
        using var folder = new TempFolder();
        var run = await AnalyzeAsync(folder, Ratio(times), "--output", "json", "--plot", folder.File("out.svg"));
        Assert.Equal(exitCode, run.ExitCode);
        var result = JsonDocument.Parse(run.Out).RootElement;
        Assert.Equal(status, result.GetProperty("status").GetString());
        Assert.Equal(60, result.GetProperty("stepSeconds").GetDouble());
        Assert.Equal(times > 1, result.GetProperty("minutesToFlag").ValueKind == JsonValueKind.Number);
        var picture = XDocument.Load(folder.File("out.svg")).Root!;
        Assert.Equal("svg", picture.Name.LocalName);
        Assert.Equal(2, picture.Elements().Count(element => element.Name.LocalName == "polyline" && element.Attribute("class")!.Value.StartsWith("uw-line", StringComparison.Ordinal)));
        Assert.Equal(times > 1, picture.ToString().Contains(">abnormal<", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slower_histogram_fails_and_a_name_with_markup_is_escaped()
    {
        using var folder = new TempFolder();
        var csv = new StringBuilder("timestamp,0.1,0.5,1,+Inf\n");
        for (var i = 0; i < 180; i++)
        {
            var fast = i < 120 ? 900 : 500;
            csv.Append(CultureInfo.InvariantCulture, $"{Start + (i * 60)},{fast + (i % 7)},980,998,1000\n");
        }

        var run = await AnalyzeAsync(folder, csv.ToString(), "--kind", "latency", "--plot", folder.File("<b>.svg"));
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("fail (", run.Out, StringComparison.Ordinal);
        Assert.NotNull(XDocument.Load(folder.File("<b>.svg")).Root);
    }

    [Fact]
    public async Task Nothing_after_the_change_is_no_pass()
    {
        using var folder = new TempFolder();
        var run = await CliRun.OfAsync("analyze", "--input", Write(folder, Ratio(1)), "--change-at", "2030-01-01T00:00:00Z");
        Assert.True(run.ExitCode is 3 or 5, run.Out);
    }

    [Theory]
    [InlineData("", " is empty; write a header and rows: timestamp,value (gauge), timestamp,errors,total (ratio), or timestamp,<bound>,...,+Inf (latency)")]
    [InlineData("timestamp,value\n", " has a header and no rows")]
    [InlineData("time,value\n1,2\n", ":1: the header is \"time,value\"; write timestamp,value (gauge), timestamp,errors,total (ratio), or timestamp,<bound>,...,+Inf (latency)")]
    [InlineData("timestamp,1,0.5,+Inf\n1,2,3,4\n", ":1: the header is \"timestamp,1,0.5,+Inf\"; write timestamp,value (gauge), timestamp,errors,total (ratio), or timestamp,<bound>,...,+Inf (latency)")]
    [InlineData("timestamp,value\n1,2\n\n3\n", ":4: there are 1 columns; the header has 2")]
    [InlineData("timestamp,value\nnoon,2\n", ":2: the timestamp is \"noon\"; write Unix seconds or a time such as 2026-05-04T13:37:00Z")]
    [InlineData("timestamp,value\n1,many\n", ":2: the value is \"many\"; write a number, or nothing for a gap")]
    [InlineData("timestamp,value\n1,Infinity\n", ":2: the value is \"Infinity\"; write a number, or nothing for a gap")]
    [InlineData("timestamp,value\nNaN,1\n", ":2: the timestamp is \"NaN\"; write Unix seconds or a time such as 2026-05-04T13:37:00Z")]
    [InlineData("timestamp,value\n60,1\n120,1\n90,1\n", ":4: the timestamp \"90\" is not after that of the row before; sort the rows by time, each time once")]
    [InlineData("timestamp,value\n60,1\n60,2\n", ":3: the timestamp \"60\" is not after that of the row before; sort the rows by time, each time once")]
    [InlineData("timestamp,errors,total\n1,5,3\n", ":2: there are 5 errors of 3 events; write 0 to all events")]
    [InlineData("timestamp,errors,total\n1,-1,3\n", ":2: there are -1 errors of 3 events; write 0 to all events")]
    [InlineData("timestamp,1,+Inf\n1,5,3\n", ":2: the bound +Inf has 3 events, fewer than the bound before; write cumulative counts")]
    public async Task A_series_that_cannot_be_read_is_told_with_its_line(string csv, string message)
    {
        using var folder = new TempFolder();
        var file = Write(folder, csv);
        var run = await CliRun.OfAsync("analyze", "--input", file, "--change-at", "1777901820");
        Assert.Equal((2, "", $"upgradewatch: {file}{message}\n"), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task A_kind_that_does_not_fit_the_header_or_a_file_that_is_not_there_gives_2()
    {
        using var folder = new TempFolder();
        var wrong = await AnalyzeAsync(folder, Ratio(1), "--kind", "gauge");
        Assert.Equal(2, wrong.ExitCode);
        Assert.Contains("--kind is \"gauge\", but the header is that of a ratio; write ratio, or another file", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await CliRun.OfAsync("analyze", "--input", folder.File("none.csv"), "--change-at", "1")).ExitCode);
    }

    private static Task<CliRun> AnalyzeAsync(TempFolder folder, string csv, params string[] more) =>
        CliRun.OfAsync(["analyze", "--input", Write(folder, csv), "--change-at", Change.ToString(CultureInfo.InvariantCulture), .. more]);

    private static string Ratio(double times)
    {
        var csv = new StringBuilder("timestamp,errors,total\n");
        for (var i = 0; i < 180; i++)
        {
            var errors = (3 + (i * 7 % 5)) * (i < 120 ? 1 : times);
            csv.Append(CultureInfo.InvariantCulture, $"{Start + (i * 60)},{errors},1000\n");
        }

        return csv.ToString();
    }

    private static string Write(TempFolder folder, string csv)
    {
        var file = folder.File("series.csv");
        File.WriteAllText(file, csv);
        return file;
    }
}
