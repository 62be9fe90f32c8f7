using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Compose;
using UpgradeWatch.Tests.Cli;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>
/// A Job of Kubernetes that runs the command line, by the Job controller's rules: init containers in their order, then the
/// container; a pod that failed is made again after a pause that doubles, up to backoffLimit, unless podFailurePolicy ends
/// the Job for its exit code.
/// </summary>
internal sealed class JobPlayer
{
    private readonly PipelineStage _stage;
    private readonly JsonNode _spec;

    public JobPlayer(PipelineStage stage, string file, string version = "1.5.0", string target = "checkout")
    {
        _stage = stage;
        var job = YamlJson.ParseAll(Integration.Read($"integrations/argocd/{file}.yaml", stage.Url).Replace("1.5.0", version, StringComparison.Ordinal).Replace("--target=checkout", $"--target={target}", StringComparison.Ordinal))[0];
        Assert.Equal("BeforeHookCreation", (string?)job["metadata"]!["annotations"]!["argocd.argoproj.io/hook-delete-policy"]);
        Hook = (string)job["metadata"]!["annotations"]!["argocd.argoproj.io/hook"]!;
        _spec = job["spec"]!;
        Assert.Equal("Never", (string?)_spec["template"]!["spec"]!["restartPolicy"]);
    }

    /// <summary>When Argo CD runs it.</summary>
    public string Hook { get; }

    /// <summary>The token that is mounted.</summary>
    public string? TokenFile { get; set; }

    /// <summary>How many pods were made.</summary>
    public int Pods { get; private set; }

    /// <summary>The logs of all pods.</summary>
    public string Log { get; private set; } = "";

    /// <summary>What happens before each pod, told its number.</summary>
    public Func<int, Task>? BeforePod { get; set; }

    /// <summary>What happens while a container runs, told since when.</summary>
    public Func<TimeSpan, Task>? Meanwhile { get; set; }

    /// <summary>Runs it; true when it succeeded.</summary>
    public async Task<bool> RunAsync()
    {
        var pause = TimeSpan.FromSeconds(10);
        for (var attempt = 0; attempt <= (int)_spec["backoffLimit"]!; attempt++, pause *= 2)
        {
            Pods++;
            if (BeforePod is not null) await BeforePod(Pods);
            if (await RunPodAsync() is not { } failed) return true;
            if (Ends(failed.Container, failed.ExitCode)) return false;
            await _stage.PassAsync(pause);
        }

        return false;
    }

    private async Task<(string Container, int ExitCode)?> RunPodAsync()
    {
        var pod = _spec["template"]!["spec"]!;
        foreach (var container in (pod["initContainers"]?.AsArray() ?? []).Concat(pod["containers"]!.AsArray()))
        {
            var exitCode = await RunContainerAsync(container!);
            if (exitCode != 0) return ((string)container!["name"]!, exitCode);
        }

        return null;
    }

    private async Task<int> RunContainerAsync(JsonNode container)
    {
        var mount = (string)container["volumeMounts"]!.AsArray().Single()!["mountPath"]! + "/token";
        string[] arguments = [.. container["args"]!.AsArray().Select(argument => ((string)argument!).Replace(mount, TokenFile ?? _stage.TokenFile, StringComparison.Ordinal))];
        var run = CliRun.OfAsync(_stage.Time, arguments);
        var began = _stage.Time.GetUtcNow();
        while (!run.IsCompleted && !await HasEndedAsync())
        {
            // Nothing answers, and nothing is about to change that: whatever it does, it does at once.
            if (_stage.IsAway && Meanwhile is null) break;
            if (Meanwhile is not null) await Meanwhile(_stage.Time.GetUtcNow() - began);
            await _stage.PassAsync(TimeSpan.FromSeconds(15));
        }

        var result = await run;
        Log += $"pod {Pods} ended with {result.ExitCode}:\n{result.Out}{result.Error}";
        return result.ExitCode;
    }

    // Nothing that is waited for needs more time then.
    private async Task<bool> HasEndedAsync()
    {
        if (_stage.IsAway || await _stage.UpgradesAsync() is not [var newest, ..]) return false;
        return PipelineStage.Verdict(newest).EndsWith("final", StringComparison.Ordinal) || PipelineStage.Verdict(newest) == "fail";
    }

    private bool Ends(string container, int exitCode) => _spec["podFailurePolicy"]!["rules"]!.AsArray().Any(rule =>
        (string?)rule!["action"] == "FailJob"
        && (string?)rule["onExitCodes"]!["containerName"] == container
        && rule["onExitCodes"]!["values"]!.AsArray().Any(value => (int)value! == exitCode));
}
