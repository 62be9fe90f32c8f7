using System.Text.Json.Nodes;
using UpgradeWatch.TestKit.Compose;

namespace UpgradeWatch.Tests.Pipelines.Players;

/// <summary>
/// Flagger's control loop over one canary, by the rules of its scheduler: a status above 202 is an error and its body the
/// error's text, a failed confirm-rollout waits, a failed rollout counts as a failed check, a failed confirm-promotion waits
/// while the analysis goes on, a rollback hook that succeeds rolls back. The checksum that it sends is that of its status,
/// where the new revision stands only once the canary has begun: confirm-rollout and the events until then have the one before.
/// </summary>
internal sealed class FlaggerPlayer
{
    private const int HighestSuccess = 202;

    private readonly PipelineStage _stage;
    private readonly JsonNode _analysis;
    private readonly List<string> _events = [];
    private int _failedChecks;
    private int _weight;
    private bool _isStarted;
    private bool _isRevised = true;

    /// <param name="stage">Where it plays.</param>
    /// <param name="canary">The Canary.</param>
    /// <param name="phase">The phase that it is in when a new revision comes.</param>
    public FlaggerPlayer(PipelineStage stage, string canary, string phase = "Initialized")
    {
        (_stage, Phase) = (stage, phase);
        var document = YamlJson.ParseAll(canary)[0];
        (Name, Namespace) = ((string)document["metadata"]!["name"]!, (string)document["metadata"]!["namespace"]!);
        _analysis = document["spec"]!["analysis"]!;
    }

    public string Name { get; }

    public string Namespace { get; }

    /// <summary>Its phase, in Flagger's words.</summary>
    public string Phase { get; private set; }

    /// <summary>Checksum of what is rolled out.</summary>
    public string Checksum { get; set; } = "7c9fd8b6";

    /// <summary>The checksum that its status has.</summary>
    public string Applied { get; set; } = "5d41402a";

    /// <summary>Whether the version that is rolled out is bad.</summary>
    public bool IsBad { get; set; }

    /// <summary>How often each call is made.</summary>
    public int Repeats { get; set; } = 1;

    /// <summary>What it has recorded.</summary>
    public IReadOnlyList<string> Events => _events;

    /// <summary>The shipped example with the stage's address and token.</summary>
    public static string Example(PipelineStage stage) =>
        Integration.Read("integrations/flagger/canary.yaml", stage.Url).Replace("put the token here", stage.Token, StringComparison.Ordinal);

    /// <summary>Lets its loop run until it ends or the time is over.</summary>
    public async Task RunAsync(TimeSpan longest, Func<TimeSpan, Task>? meanwhile = null)
    {
        for (var passed = TimeSpan.Zero; passed < longest && (_isRevised || Phase is not ("Succeeded" or "Failed")); passed += TimeSpan.FromMinutes(1))
        {
            if (meanwhile is not null) await meanwhile(passed);
            await TickAsync();
            await _stage.PassAsync(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Something else is to be rolled out.</summary>
    public void Revise(string checksum) => (Checksum, _isRevised) = (checksum, true);

    /// <summary>One turn of the loop.</summary>
    public async Task TickAsync()
    {
        switch (Phase)
        {
            case "Initialized" or "Waiting" or "Succeeded" or "Failed" when _isRevised:
                if (Phase == "Failed") Applied = Checksum;
                await ConfirmRolloutAsync();
                break;
            case "Progressing" or "WaitingPromotion" when Applied != Checksum:
                await RecordAsync("New revision detected! Restarting analysis for checkout.shop");
                Begin();
                break;
            case "Progressing" or "WaitingPromotion":
                await AnalyseAsync();
                break;
            case "Promoting":
                await RecordAsync("Routing all traffic to primary");
                Phase = "Finalising";
                break;
            case "Finalising":
                Phase = "Succeeded";
                await CallAllAsync("post-rollout", "Succeeded");
                await RecordAsync("Promotion completed! Scaling down checkout.shop");
                break;
        }
    }

    /// <summary>Calls a webhook of a type; null when it succeeded, else the error's text.</summary>
    public async Task<string?> CallAsync(string type, string phase, JsonObject? more = null)
    {
        var hook = Hooks(type).Single();
        var metadata = (JsonObject)hook["metadata"]!.DeepClone();
        foreach (var (key, value) in more ?? []) metadata[key] = value!.DeepClone();
        var body = new JsonObject { ["name"] = Name, ["namespace"] = Namespace, ["phase"] = phase, ["checksum"] = Applied, ["metadata"] = metadata };
        string? error = null;
        for (var i = 0; i < Repeats; i++) error = await PostAsync((string)hook["url"]!, body.ToJsonString());
        return error;
    }

    private async Task ConfirmRolloutAsync()
    {
        if (await CallAllAsync("confirm-rollout", "Progressing") is { } error)
        {
            if (Phase != "Waiting") await RecordAsync($"Halt checkout.shop advancement waiting for approval {error}");
            Phase = "Waiting";
            return;
        }

        if (Phase == "Waiting")
        {
            await RecordAsync("Confirm-rollout check upgradewatch-begin passed");
            Phase = "Progressing";
            return;
        }

        Phase = "Progressing";
        await RecordAsync("New revision detected! Scaling up checkout.shop");
        Begin();
    }

    private void Begin()
    {
        (Phase, Applied, _isRevised) = ("Progressing", Checksum, false);
        (_weight, _failedChecks, _isStarted) = (0, 0, false);
    }

    private async Task AnalyseAsync()
    {
        if (await CallAllAsync("rollback", Phase, isInverted: true) is null)
        {
            await RecordAsync("Rolling back checkout.shop manual webhook invoked");
            await RollBackAsync();
            return;
        }

        if (_failedChecks >= (int)_analysis["threshold"]!)
        {
            await RecordAsync($"Rolling back checkout.shop failed checks threshold reached {_failedChecks}");
            await RollBackAsync();
            return;
        }

        if (!_isStarted)
        {
            _isStarted = true;
            await RecordAsync("Starting canary analysis for checkout.shop");
        }
        else if (await CallAllAsync("rollout", "Progressing") is { } error)
        {
            _failedChecks++;
            await RecordAsync($"Halt checkout.shop advancement external check failed {error}");
            return;
        }

        if (_weight < (int)_analysis["maxWeight"]!)
        {
            _weight += (int)_analysis["stepWeight"]!;
            if (IsBad) _stage.BreakVersion();
            await RecordAsync($"Advance checkout.shop canary weight {_weight}");
        }
        else if (await CallAllAsync("confirm-promotion", "Progressing") is { } refusal)
        {
            if (Phase != "WaitingPromotion") await RecordAsync($"Halt checkout.shop advancement waiting for promotion approval {refusal}");
            Phase = "WaitingPromotion";
        }
        else
        {
            await RecordAsync("Copying checkout.shop template spec to checkout-primary.shop");
            Phase = "Promoting";
        }
    }

    private async Task RollBackAsync()
    {
        _stage.MendVersion();
        Phase = "Failed";
        await RecordAsync("Canary failed! Scaling down checkout.shop");
        await CallAllAsync("post-rollout", "Failed");
    }

    private async Task RecordAsync(string message)
    {
        _events.Add(message);
        var more = new JsonObject { ["eventMessage"] = message, ["eventType"] = "Normal", ["timestamp"] = _stage.Time.GetUtcNow().ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture) };
        if (Hooks("event").Any()) await CallAsync("event", Phase, more);
    }

    // Null when all hooks of a type succeeded: an inverted one only when there is one.
    private async Task<string?> CallAllAsync(string type, string phase, bool isInverted = false)
    {
        if (!Hooks(type).Any()) return isInverted ? "no such hook" : null;
        return await CallAsync(type, phase);
    }

    private IEnumerable<JsonNode> Hooks(string type) => _analysis["webhooks"]!.AsArray().Where(hook => (string?)hook!["type"] == type)!;

    private async Task<string?> PostAsync(string url, string body)
    {
        try
        {
            var (status, text) = await _stage.PostAsync(new Uri(url).AbsolutePath, body, token: "");
            return status > HighestSuccess ? text : null;
        }
        catch (HttpRequestException refused)
        {
            return refused.Message;
        }
    }
}
