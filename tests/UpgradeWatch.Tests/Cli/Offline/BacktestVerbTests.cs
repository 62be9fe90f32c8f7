using System.Globalization;
using System.Text.Json;

namespace UpgradeWatch.Tests.Cli.Offline;

public class BacktestVerbTests
{
    [Fact]
    public async Task Every_case_gets_its_row_in_the_order_given()
    {
        using var set = new CaseSet().Ratio("worse", 6).Ratio("calm", 1).Ratio("worse again", 8);
        var run = await set.RunAsync();
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal($"3 cases: 1 pass, 2 fail; written to {set.Out}\n", run.Out);
        var results = set.Results();
        Assert.Equal("case,status,p_value,score,first_flagged_at,minutes_to_flag,value,expected,change_ratio,reason", string.Join(',', results[0]));
        Assert.Equal(["worse fail", "calm pass", "worse again fail"], results.Skip(1).Select(row => $"{row[0]} {row[1]}"));
        Assert.All(results, row => Assert.Equal(10, row.Length));
        var (worse, calm) = (results[1], results[2]);
        Assert.InRange(Number(worse[4]) - CaseSet.ChangeAt, 0, 600);
        Assert.Equal((Number(worse[4]) - CaseSet.ChangeAt) / 60, Number(worse[5]), 5);
        Assert.Equal(("", ""), (calm[4], calm[5]));
        Assert.Equal(-Math.Log10(Number(worse[2])), Number(worse[3]), 3);
        Assert.True(Number(worse[3]) > 2 && Number(calm[3]) < 2);
        Assert.InRange(Number(worse[8]), 5, 7);
        Assert.Contains("times", worse[9], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Times_are_written_as_they_were_given()
    {
        using var set = new CaseSet().Ratio("a", 6).Case("b,a.csv,2026-05-04T13:37:00Z,ratio,up");
        await set.RunAsync();
        var results = set.Results();
        Assert.Equal(results[1][4], DateTimeOffset.Parse(results[2][4], CultureInfo.InvariantCulture).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        Assert.EndsWith("Z", results[2][4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_case_that_cannot_be_read_keeps_its_row_and_the_others_are_judged()
    {
        using var set = new CaseSet().Case($"gone,gone.csv,{CaseSet.ChangeAt},gauge,both").Ratio("worse", 6).Case($"other,worse.csv,{CaseSet.ChangeAt},gauge,both");
        var broken = set.Write("broken.csv", "timestamp,value\n60,1\n50,2\n");
        set.Case($"broken,broken.csv,{CaseSet.ChangeAt},gauge,both");
        var run = await set.RunAsync();
        Assert.Equal(0, run.ExitCode);
        var results = set.Results();
        Assert.Equal(["gone inconclusive 0", "other inconclusive 0", "broken inconclusive 0"], results.Skip(1).Where(row => row[0] != "worse").Select(row => $"{row[0]} {row[1]} {row[3]}"));
        Assert.Equal($"{broken}:3: the timestamp \"50\" is not after that of the row before; sort the rows by time, each time once", results[4][9]);
        Assert.Contains("kind is \"gauge\", but the header is that of a ratio", results[3][9], StringComparison.Ordinal);
        Assert.Contains("gone.csv cannot be read: ", results[1][9], StringComparison.Ordinal);
        Assert.Equal("fail", results[2][1]);
        Assert.Contains($"upgradewatch: case broken is inconclusive: {broken}:3: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty; write a header case,file,change_at,kind,direction and rows")]
    [InlineData("case,file,change_at,kind,direction", "1: there is a header and no rows; write a row for each case")]
    [InlineData("case,file,change_at,kind", "1: the column direction is missing; write case,file,change_at,kind,direction, and sli if wanted")]
    [InlineData("case,file,change_at,kind,direction,colour", "1: \"colour\" is not a column here; write case,file,change_at,kind,direction, and sli if wanted")]
    [InlineData("case,file,change_at,kind,direction\na,a.csv,1,gauge", "2: there are 4 columns; the header has 5")]
    [InlineData("case,file,change_at,kind,direction\n,a.csv,1,gauge,up", "2: case is \"\"; write a name, each once")]
    [InlineData("case,file,change_at,kind,direction\na,a.csv,1,gauge,up\na,b.csv,1,gauge,up", "3: case is \"a\"; line 2 has it too; write each case once")]
    [InlineData("case,file,change_at,kind,direction\na,,1,gauge,up", "2: file is \"\"; write the path of the series, relative to this file")]
    [InlineData("case,file,change_at,kind,direction\na,a.csv,noon,gauge,up", "2: change_at is \"noon\"; write Unix seconds or a time such as 2026-05-04T13:37:00Z")]
    [InlineData("case,file,change_at,kind,direction\na,a.csv,NaN,gauge,up", "2: change_at is \"NaN\"; write Unix seconds or a time such as 2026-05-04T13:37:00Z")]
    [InlineData("case,file,change_at,kind,direction\na,a.csv,1,count,up", "2: kind is \"count\"; write one of gauge, ratio, latency")]
    [InlineData("case,file,change_at,kind,direction\na,a.csv,1,gauge,left", "2: direction is \"left\"; write one of up, down, both")]
    [InlineData("case,file,change_at,kind,direction,sli\na,a.csv,1,gauge,up,queue", "2: sli is \"queue\"; the configuration has no slis; give one with --config, or leave it out")]
    [InlineData("case,file,change_at,kind,direction\n\"a,a.csv,1,gauge,up", "2: a quote is not closed in \"\"a,a.csv,1,gauge,up\"; write \"text\" or text")]
    public async Task A_mistake_in_the_list_is_told_with_its_line_and_nothing_is_judged(string list, string message)
    {
        using var set = new CaseSet();
        var file = set.Write("list.csv", list);
        var run = await CliRun.OfAsync("backtest", "--cases", file, "--out", set.Out);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Equal(char.IsDigit(message[0]) ? $"upgradewatch: {file}:{message}\n" : $"upgradewatch: {file} {message}\n", run.Error);
        Assert.False(File.Exists(set.Out));
    }

    [Fact]
    public async Task All_mistakes_are_told_at_once()
    {
        using var set = new CaseSet().Case("a,a.csv,1,gauge,sideways").Case("b,b.csv,soon,count,up");
        var run = await set.RunAsync();
        Assert.Equal(3, run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("case,label\nnobody,1\n", "2: case is \"nobody\"; CASES has no such case; leave the line out, or add the case")]
    [InlineData("case,label\na,yes\n", "2: label is \"yes\"; write 1 for abnormal or 0 for normal")]
    [InlineData("case,label\na,1\na,0\n", "3: case is \"a\"; it has a label already; write each case once")]
    [InlineData("case,truth\na,1\n", "1: the column label is missing; write case,label")]
    public async Task A_mistake_in_the_labels_is_told_before_anything_is_judged(string labels, string message)
    {
        using var set = new CaseSet().Ratio("a", 6);
        var file = set.Write("labels.csv", labels);
        var run = await set.RunAsync("--labels", file);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"upgradewatch: {file}:{message.Replace("CASES", set.Cases, StringComparison.Ordinal)}\n", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(set.Out));
    }

    [Fact]
    public async Task With_labels_it_says_how_well_the_cases_were_told_apart()
    {
        using var set = new CaseSet().Ratio("a", 6).Ratio("b", 1).Ratio("c", 7).Ratio("d", 1.02).Ratio("unknown", 1);
        var labels = set.Write("labels.csv", "case,label\na,1\nb,0\nc,1\nd,0\n");
        var text = await set.RunAsync("--labels", labels, "--observe", "60m");
        Assert.Contains("4 labelled cases, 2 of them abnormal", text.Out, StringComparison.Ordinal);
        Assert.Contains("half of what is found at 1 % is found within", text.Out, StringComparison.Ordinal);
        var json = JsonDocument.Parse((await set.RunAsync("--labels", labels, "--observe", "60m", "--output", "json")).Out).RootElement;
        Assert.Equal(2, json.GetProperty("statuses").GetProperty("fail").GetInt32());
        var after = json.GetProperty("labels").GetProperty("after").EnumerateArray().ToArray();
        Assert.Equal([5, 15, 30, 60], after.Select(row => row.GetProperty("minutes").GetDouble()));
        var end = after[^1];
        Assert.Equal((1, 1), (end.GetProperty("auc").GetDouble(), end.GetProperty("bestF1").GetDouble()));
        Assert.Equal([0.01, 0.05], end.GetProperty("levels").EnumerateArray().Select(level => level.GetProperty("falseAlarmRate").GetDouble()));
        Assert.Equal((1, 0), (end.GetProperty("levels")[0].GetProperty("recall").GetDouble(), end.GetProperty("levels")[0].GetProperty("falseAlarms").GetDouble()));
    }

    [Theory]
    [InlineData("0.001", 0.001, 0.05)]
    [InlineData("0.2", 0.2, 0.2)]
    public async Task The_second_level_is_that_of_warn_while_upgrades_are_watched(string rate, double fail, double warn)
    {
        using var set = new CaseSet().Ratio("a", 6).Ratio("b", 1);
        var config = set.Write("uw.yaml", $"evaluation: {{ falseAlarmRate: {rate} }}\n");
        var labels = set.Write("labels.csv", "case,label\na,1\nb,0\n");
        var json = JsonDocument.Parse((await set.RunAsync("--labels", labels, "--config", config, "--output", "json")).Out).RootElement;
        var end = json.GetProperty("labels").GetProperty("after").EnumerateArray().Last();
        Assert.Equal([fail, warn], end.GetProperty("levels").EnumerateArray().Select(level => level.GetProperty("falseAlarmRate").GetDouble()));
    }

    [Fact]
    public async Task The_configuration_gives_the_level_and_the_tolerance_of_an_sli()
    {
        using var set = new CaseSet().Ratio("a", 6);
        set.Write("cases2.csv", $"case,file,change_at,kind,direction,sli\nplain,a.csv,{CaseSet.ChangeAt},ratio,up,\ntolerant,a.csv,{CaseSet.ChangeAt},ratio,up,shop/orders\n");
        var config = set.Write("uw.yaml", """
            evaluation: { falseAlarmRate: 0.001 }
            targets:
              - name: shop
                scrape: { url: http://127.0.0.1:1/metrics }
                slis:
                  - { name: orders, errors: 'bad_total', total: 'all_total', tolerance: { relative: 20 } }
            """);
        var run = await CliRun.OfAsync("backtest", "--cases", set.File("cases2.csv"), "--out", set.Out, "--config", config);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(["fail", "pass"], set.Results().Skip(1).Select(row => row[1]));
    }

    [Fact]
    public async Task A_wrong_configuration_is_told_with_its_lines()
    {
        using var set = new CaseSet().Ratio("a", 6);
        var run = await set.RunAsync("--config", set.Write("uw.yaml", "evaluation: { falseAlarmRate: 2 }\n"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("uw.yaml:1:", run.Error, StringComparison.Ordinal);
        Assert.Contains("falseAlarmRate", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_there_is_replaced_as_a_whole_and_an_input_never()
    {
        using var set = new CaseSet().Ratio("a", 1);
        File.WriteAllText(set.Out, new string('x', 100_000));
        Assert.Equal(0, (await set.RunAsync()).ExitCode);
        Assert.Equal(2, set.Results().Length);
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(set.Out)!, "*.tmp"));
        var same = await CliRun.OfAsync("backtest", "--cases", set.Cases, "--out", set.Cases);
        Assert.Equal((2, $"upgradewatch: --out is \"{set.Cases}\"; that is an input; write another file\n"), (same.ExitCode, same.Error));
        var nowhere = await CliRun.OfAsync("backtest", "--cases", set.Cases, "--out", set.File("none/r.csv"));
        Assert.Contains("its folder is not there; make it first, or write another file", nowhere.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await CliRun.OfAsync("backtest", "--cases", set.File("none.csv"), "--out", set.Out)).ExitCode);
    }

    [Fact]
    public async Task A_terminal_shows_how_far_it_is_and_anything_else_nothing()
    {
        using var set = new CaseSet().Ratio("a", 1).Ratio("b", 1);
        Assert.Equal("", (await set.RunAsync()).Error);
        var run = await CliRun.OfAsync(TimeProvider.System, ["backtest", "--cases", set.Cases, "--out", set.Out], terminalWidth: 100);
        Assert.Contains("[########################] 2/2  ", run.Error, StringComparison.Ordinal);
        Assert.Contains("/s  0 s left", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("\n", run.Error, StringComparison.Ordinal);
    }

    private static double Number(string cell) => double.Parse(cell, CultureInfo.InvariantCulture);
}
