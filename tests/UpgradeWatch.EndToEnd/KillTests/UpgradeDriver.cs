using System.Net;
using System.Text;
using System.Text.Json;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.EndToEnd.KillTests;

/// <summary>
/// Takes one upgrade after the other through its life, as a pipeline would that repeats what it got no answer for, and
/// has the server killed on the way, at moments that the seed draws.
/// </summary>
internal sealed class UpgradeDriver(Victim victim, int seed, int kills)
{
    private static readonly string[] Ends = ["completed", "by itself", "aborted", "rolled-back"];

    private readonly Random _random = new(seed);
    private readonly List<Acknowledged> _acknowledged = [];
    private readonly Dictionary<string, (string From, string Until)> _baselines = [];
    private int _left = kills;
    private int _upgrades;

    /// <summary>Everything that the server said it has done.</summary>
    public IReadOnlyList<Acknowledged> Acknowledged => _acknowledged;

    /// <summary>How many upgrades were begun.</summary>
    public int Upgrades => _upgrades;

    /// <summary>Runs upgrades until all kills are done.</summary>
    public async Task RunAsync()
    {
        while (_left > 0) await RunOneAsync();
    }

    private async Task RunOneAsync()
    {
        var number = _upgrades++;
        var isBad = number % 3 == 1;
        var end = Ends[number % Ends.Length];
        var version = $"2.{number}.0";
        var window = end == "by itself" ? ",\"observationWindowSeconds\":3" : "";
        var id = await SendAsync(HttpMethod.Post, "/api/v1/upgrades", $$"""{"target":"shop","toVersion":"{{version}}"{{window}}}""", version, TakeKill(Stage.Begin, 1) ? Stage.Begin : null);
        await NoteAsync(id, version, "rollback-plan", TakeKill(Stage.Advance, 0.3));

        victim.Shop.SetBad(isBad);
        await MoveAsync(id, version, "upgrading");
        await UntilAsync(id, upgrade => upgrade.GetProperty("baselineWindow").ValueKind != JsonValueKind.Null);
        await LookAwayAsync();
        await MoveAsync(id, version, "post-upgrade");
        await UntilAsync(id, upgrade => upgrade.GetProperty("verdict").GetProperty("observedUntil").ValueKind != JsonValueKind.Null);
        await LookAwayAsync();
        await EndAsync(id, version, end);
        victim.Shop.SetBad(false);
    }

    private async Task EndAsync(string id, string version, string end)
    {
        if (end == "by itself")
        {
            await LookAwayAsync();
            await UntilAsync(id, upgrade => upgrade.GetProperty("phase").GetString() == "completed");
            return;
        }

        if (end == "rolled-back") await MoveAsync(id, version, "rolling-back");
        await MoveAsync(id, version, end);
    }

    private Task NoteAsync(string id, string version, string item, bool isKilled) =>
        SendAsync(HttpMethod.Patch, $"/api/v1/upgrades/{id}/checklist/{item}", $$"""{"status":"done","note":"back to before {{version}}"}""", version, isKilled ? Stage.Advance : null, id, noted: (item, $"back to before {version}"));

    private async Task MoveAsync(string id, string version, string phase)
    {
        var isDelivered = TakeKill(Stage.Deliver, 0.5);
        var delivered = isDelivered ? WhenAskedAsync() : null;
        Stage? stage = !isDelivered && TakeKill(Stage.Advance, 0.6) ? Stage.Advance : null;
        await SendAsync(HttpMethod.Post, $"/api/v1/upgrades/{id}/phase", $$"""{"phase":"{{phase}}","reason":"{{phase}} of {{version}}"}""", version, stage, id, entered: (phase, $"{phase} of {version}"));
        if (delivered is null) return;
        await delivered;
        await PauseAsync(20);
        await victim.KillAsync(Stage.Deliver);
    }

    // The server is left to itself for a moment, in which it may be killed: at any time, or just when it has told something.
    private async Task LookAwayAsync()
    {
        if (!TakeKill(Stage.Evaluate, 1)) return;
        if (_random.Next(2) == 0)
        {
            await PauseAsync(1200);
        }
        else
        {
            await Task.WhenAny(WhenToldAsync(), PauseAsync(2000));
            await PauseAsync(15);
        }

        await victim.KillAsync(Stage.Evaluate);
    }

    // Sends until there is an answer; when the server is to be killed, some time after the first try was sent.
    private async Task<string> SendAsync(
        HttpMethod method, string path, string body, string version, Stage? stage, string? id = null, (string, string)? noted = null, (string, string?)? entered = null)
    {
        var key = $"begin {version}";
        if (stage is { } killed)
        {
            var first = TryAsync(method, path, body, key);
            await PauseAsync(40);
            await victim.KillAsync(killed);
            if (await first is { } answered) return Take(answered);
        }

        return Take(await TryAsync(method, path, body, key) ?? throw new InvalidOperationException($"{method} {path} got no answer from a server that runs.\n{victim.Server.Output}"));

        string Take((HttpStatusCode Status, string Text) answer)
        {
            Assert.True((int)answer.Status is 200 or 201, $"{method} {path}: {(int)answer.Status} {answer.Text}");
            using var document = JsonDocument.Parse(answer.Text);
            if (noted is not null)
            {
                _acknowledged.Add(new Acknowledged(id!, 0, version) { Noted = noted });
                return id!;
            }

            var root = document.RootElement;
            var done = new Acknowledged(root.GetProperty("id").GetString()!, root.GetProperty("revision").GetInt64(), version) { Entered = entered };
            _acknowledged.Add(done);
            return done.UpgradeId;
        }
    }

    private async Task<(HttpStatusCode Status, string Text)?> TryAsync(HttpMethod method, string path, string body, string key)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            if (path == "/api/v1/upgrades") request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
            using var answer = await victim.Client.SendAsync(request);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return null;
        }
    }

    // Waits for a state of the upgrade; a baseline that was seen must never change again.
    private Task UntilAsync(string id, Func<JsonElement, bool> isSo) => Readiness.UntilAsync(
        async () =>
        {
            using var document = JsonDocument.Parse(await victim.Client.GetStringAsync(new Uri($"/api/v1/upgrades/{id}", UriKind.Relative)));
            var upgrade = document.RootElement;
            if (upgrade.GetProperty("baselineWindow") is { ValueKind: JsonValueKind.Object } window)
            {
                var now = (window.GetProperty("from").GetString()!, window.GetProperty("until").GetString()!);
                Assert.True(_baselines.TryAdd(id, now) || _baselines[id] == now, $"The baseline of {id} moved from {_baselines[id]} to {now}.");
            }

            return isSo(upgrade);
        },
        () => null,
        () => $"Upgrade {id} does not come on.\n{victim.Server.Output}",
        CancellationToken.None);

    // No stage runs ahead of the others, so that each gets its share whatever the seed draws.
    private bool TakeKill(Stage stage, double probability)
    {
        var isTaken = _left > 0 && victim.Kills[(int)stage] <= victim.Kills.Min() + 1 && _random.NextDouble() < probability;
        if (isTaken) _left--;
        return isTaken;
    }

    private Task PauseAsync(int mostMilliseconds) => Task.Delay(TimeSpan.FromMilliseconds(_random.NextDouble() * mostMilliseconds), TimeProvider.System);

    private Task WhenToldAsync()
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(SeenEvent seen)
        {
            if (seen.Type is not ("finding" or "verdict")) return;
            victim.Events.Arrived -= Look;
            told.TrySetResult();
        }

        victim.Events.Arrived += Look;
        return told.Task;
    }

    private Task WhenAskedAsync()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var skip = _random.Next(4);
        void Look(string method)
        {
            if (Interlocked.Decrement(ref skip) >= 0) return;
            victim.Grafana.Asked -= Look;
            asked.TrySetResult();
        }

        victim.Grafana.Asked += Look;
        return asked.Task;
    }
}
