using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using UpgradeWatch.TestKit.Compose;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>
/// One job of GitHub Actions, by its runner's rules: steps in their order, skipped after a failure unless their condition
/// says otherwise, expressions put in as text, a composite action with its inputs and defaults.
/// </summary>
internal sealed partial class GitHubPlayer(ControlServer control, IReadOnlyDictionary<string, string> context) : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Dictionary<string, string> _outcomes = [];

    /// <summary>Everything that was written to the log.</summary>
    public string Log { get; private set; } = "";

    /// <summary>The job's summary.</summary>
    public string Summary => File.Exists(_folder.File("summary")) ? File.ReadAllText(_folder.File("summary")) : "";

    /// <summary>What the last action has put out.</summary>
    public IReadOnlyDictionary<string, string> Outputs { get; private set; } = new Dictionary<string, string>();

    /// <summary>Runs the job of a workflow; true when it succeeded.</summary>
    public async Task<bool> RunAsync(string workflow)
    {
        var failed = false;
        foreach (var step in YamlJson.ParseAll(File.ReadAllText(workflow))[0]["jobs"]!.AsObject().Single().Value!["steps"]!.AsArray())
        {
            var name = (string?)step!["id"] ?? (string?)step["name"] ?? (string)step["uses"]!;
            if (!Runs((string?)step["if"], failed))
            {
                _outcomes[name] = "skipped";
                continue;
            }

            var good = await StepAsync(step);
            _outcomes[name] = good ? "success" : "failure";
            failed |= !good;
        }

        return !failed;
    }

    /// <summary>Uses the action; true when it succeeded.</summary>
    public async Task<bool> UseAsync(IReadOnlyDictionary<string, string> with)
    {
        var action = YamlJson.ParseAll(await File.ReadAllTextAsync(Path.Combine(Integration.ActionFolder, "action.yml")))[0];
        Assert.Equal("composite", (string?)action["runs"]!["using"]);
        var inputs = new Dictionary<string, string>();
        foreach (var (name, input) in action["inputs"]!.AsObject())
        {
            Assert.True((bool?)input!["required"] != true || with.ContainsKey(name), $"{name} is required");
            inputs[$"inputs.{name}"] = with.GetValueOrDefault(name) ?? Fill((string?)input["default"] ?? "", context);
        }

        Assert.All(with.Keys, name => Assert.Contains($"inputs.{name}", inputs.Keys));
        var step = action["runs"]!["steps"]!.AsArray().Single()!;
        var variables = step["env"]!.AsObject().ToDictionary(one => one.Key, one => Fill((string)one.Value!, inputs));
        variables["GITHUB_ACTION_PATH"] = Integration.ActionFolder;
        variables["GITHUB_STEP_SUMMARY"] = _folder.File("summary");
        variables["GITHUB_OUTPUT"] = _folder.Write("output", "");
        var good = await RunScriptAsync((string)step["shell"]!, (string)step["run"]!, variables);
        Outputs = (await File.ReadAllLinesAsync(_folder.File("output"))).Select(line => line.Split('=', 2)).GroupBy(pair => pair[0]).ToDictionary(pairs => pairs.Key, pairs => pairs.Last()[1]);
        return good;
    }

    public void Dispose() => _folder.Dispose();

    private bool Runs(string? condition, bool failed)
    {
        if (condition is null) return !failed;
        var known = AfterFailure().Match(condition);
        Assert.True(known.Success, $"this condition is not understood: {condition}");
        return failed && _outcomes[known.Groups[1].Value] == known.Groups[2].Value;
    }

    private async Task<bool> StepAsync(JsonNode step)
    {
        if ((string?)step["run"] is { } script) return await RunScriptAsync("bash", script, new Dictionary<string, string> { ["GITHUB_REF_NAME"] = context["github.ref_name"] });
        var uses = (string)step["uses"]!;
        if (uses.StartsWith("actions/checkout@", StringComparison.Ordinal)) return true;
        Assert.EndsWith("upgradewatch/.github/actions/upgradewatch@main", uses);
        return await UseAsync(step["with"]!.AsObject().ToDictionary(one => one.Key, one => Fill((string)one.Value!, context)));
    }

    private async Task<bool> RunScriptAsync(string shell, string script, IReadOnlyDictionary<string, string> variables)
    {
        var file = _folder.Write($"step-{Guid.NewGuid():N}.sh", script);
        var run = await Shell.RunAsync(control, shell, variables, "-e", file);
        Log += run.Output;
        return run.ExitCode == 0;
    }

    private static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Expression().Replace(text, found => values.TryGetValue(found.Groups[1].Value, out var value) ? value : throw new NotSupportedException(found.Value));

    [GeneratedRegex(@"^failure\(\) && steps\.(\w+)\.outcome == '(\w+)'$")]
    private static partial Regex AfterFailure();

    [GeneratedRegex(@"\$\{\{\s*([\w.-]+)\s*\}\}")]
    private static partial Regex Expression();
}
