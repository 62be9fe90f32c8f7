using System.Text.Json;
using UpgradeWatch.Configuration;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Cli;

public class ConfigVerbTests
{
    [Fact]
    public async Task A_good_configuration_gives_0_and_names_its_targets()
    {
        using var folder = new TempFolder();
        var file = Write(folder, "prometheus: { url: http://p }\ntargets: [ { name: a }, { name: b } ]\n");
        var run = await CliRun.OfAsync("config", "check", file);
        Assert.Equal((0, $"{file}: no mistakes. 2 targets: a, b.\n", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task Every_mistake_is_a_line_on_standard_error_and_gives_2()
    {
        using var folder = new TempFolder();
        var file = Write(folder, "evaluation: { stepSeconds: x }\ncolor: red\n");
        var run = await CliRun.OfAsync("config", "check", file);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        var lines = run.Error.TrimEnd().Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.StartsWith($"{file}:1:28: evaluation.stepSeconds is \"x\"", lines[0], StringComparison.Ordinal);
        Assert.StartsWith($"{file}:2:1: color is not a key here", lines[1], StringComparison.Ordinal);
        Assert.Equal("upgradewatch: 2 mistakes in the configuration", lines[2]);
    }

    [Fact]
    public async Task Mistakes_as_json_carry_line_and_column()
    {
        using var folder = new TempFolder();
        var run = await CliRun.OfAsync("config", "check", Write(folder, "evaluation: { stepSeconds: x }\n"), "--output", "json");
        Assert.Equal(2, run.ExitCode);
        var mistake = Assert.Single(JsonDocument.Parse(run.Out).RootElement.GetProperty("mistakes").EnumerateArray());
        Assert.Equal((1, 28, "evaluation.stepSeconds"), (mistake.GetProperty("line").GetInt32(), mistake.GetProperty("column").GetInt32(), mistake.GetProperty("key").GetString()));
    }

    [Fact]
    public async Task The_schema_goes_to_standard_output()
    {
        var run = await CliRun.OfAsync("config", "schema");
        Assert.Equal((0, ConfigSchema.Print(), ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task A_live_check_of_what_is_not_there_gives_1_and_says_what_is_missing()
    {
        using var folder = new TempFolder();
        var file = Write(folder, $"targets: [ {{ name: shop, scrape: {{ url: \"http://127.0.0.1:{FreePort.Next()}/metrics\" }} }} ]\n");
        var run = await CliRun.OfAsync("config", "check", file, "--live");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("shop: Target shop at", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_refuses_a_configuration_with_mistakes_or_without_targets()
    {
        using var folder = new TempFolder();
        Assert.Equal(2, (await CliRun.OfAsync("serve", "--config", Write(folder, "color: red\n"))).ExitCode);
        Assert.Equal(2, (await CliRun.OfAsync("serve", "--config", folder.File("missing.yaml"))).ExitCode);
        var idle = await CliRun.OfAsync("serve", "--config", Write(folder, "storage: { path: x.db }\n"));
        Assert.Equal(2, idle.ExitCode);
        Assert.StartsWith("upgradewatch: no target is configured", idle.Error, StringComparison.Ordinal);
        var open = await CliRun.OfAsync("serve", "--config", Write(folder, "targets: [ { name: a, scrape: { url: http://127.0.0.1:1/metrics } } ]\n"), "--urls", "http://0.0.0.0:0");
        Assert.Equal(2, open.ExitCode);
        Assert.Contains("--insecure", open.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await CliRun.OfAsync("serve", "--config", folder.File("uw.yaml"), "--urls", "")).ExitCode);
    }

    private static string Write(TempFolder folder, string yaml)
    {
        var file = folder.File("uw.yaml");
        File.WriteAllText(file, yaml);
        return file;
    }
}
