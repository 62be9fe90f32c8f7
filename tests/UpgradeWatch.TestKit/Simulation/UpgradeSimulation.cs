using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Ports;
using UpgradeWatch.Hosting;
using UpgradeWatch.TestKit.Processes;

namespace UpgradeWatch.TestKit.Simulation;

/// <summary>
/// A whole upgrade on virtual time: the real host with its store and its HTTP API, before a simulated target.
/// Everything that is random comes from one seed.
/// </summary>
public static class UpgradeSimulation
{
    private const string Target = "shop";
    private const double StepSeconds = 15;
    private const int BaselineSteps = 240;
    private const int StepsOfDay = 5760;

    /// <summary>Steps from the upgrade to the end of the simulation: 6 h.</summary>
    public const int Steps = 6 * 240;

    // A window that ends while the source is away waits up to 15 min for it.
    private const int StepsToCatchUp = 64;

    /// <summary>Runs what a seed decides.</summary>
    public static Task<SimulationResult> RunAsync(int seed) => RunAsync(SimulationPlan.Draw(seed, Steps));

    /// <summary>Runs a plan.</summary>
    public static async Task<SimulationResult> RunAsync(SimulationPlan plan)
    {
        using var folder = new TempFolder(inMemory: true);
        var upgradeAt = new DateTimeOffset(2026, 3, 10, 9, 0, 0, TimeSpan.Zero);
        var time = new FakeTimeProvider(upgradeAt.AddMinutes(-2));
        var upgradeStep = upgradeAt.ToUnixTimeSeconds() / (long)StepSeconds;
        var firstStep = upgradeStep - BaselineSteps - 80 - (plan.HistoryDays * StepsOfDay);
        var source = new SimulatedSource(plan, StepSeconds, firstStep, upgradeStep, time);
        await using var server = new SimulatedServer(Options(plan, folder), Settings(), services =>
        {
            services.AddSingleton<TimeProvider>(time);
            services.AddSingleton<IReadOnlyList<IMetricSource>>([source]);
        });
        await server.StartAsync().ConfigureAwait(false);
        return await DriveAsync(plan, upgradeAt, time, source, server).ConfigureAwait(false);
    }

    private static async Task<SimulationResult> DriveAsync(
        SimulationPlan plan, DateTimeOffset upgradeAt, FakeTimeProvider time, SimulatedSource source, SimulatedServer server)
    {
        var begun = await PostAsync(server.Client, "api/v1/upgrades", new() { ["target"] = Target, ["toVersion"] = "2" }).ConfigureAwait(false);
        var id = begun.GetProperty("id").GetString()!;
        List<string> trouble = [];
        var failed = false;
        string? where = null;
        var last = default(JsonElement);
        for (; time.GetUtcNow() <= upgradeAt.AddSeconds((Steps + StepsToCatchUp) * StepSeconds); time.Advance(TimeSpan.FromSeconds(StepSeconds)))
        {
            if (time.GetUtcNow() == upgradeAt.AddSeconds((plan.RestartAt ?? -1) * StepSeconds)) await server.RestartAsync().ConfigureAwait(false);
            await MoveWhenDueAsync(server.Client, id, plan, upgradeAt, time.GetUtcNow()).ConfigureAwait(false);
            await server.LookAsync().ConfigureAwait(false);
            last = await server.Client.GetFromJsonAsync<JsonElement>($"api/v1/upgrades/{id}/verdict").ConfigureAwait(false);
            var (status, final) = (last.GetProperty("status").GetString()!, last.GetProperty("final").GetBoolean());
            failed |= status == "fail";
            where ??= WhereOf(last);
            if (status == "pass" && !final && source.IsAway) trouble.Add($"pass while the source was away, at {time.GetUtcNow():HH:mm:ss}");
            if (status == "pass" && last.GetProperty("phase").GetString() is "pre-upgrade" or "upgrading") trouble.Add($"pass before post-upgrade, at {time.GetUtcNow():HH:mm:ss}");
            if (final) break;
        }

        if (!last.GetProperty("final").GetBoolean()) trouble.Add("the verdict never became final");
        return new SimulationResult(plan, last.GetProperty("status").GetString()!, last.GetProperty("code").GetString()!, last.GetProperty("summary").GetString()!, failed, trouble) { Where = where };
    }

    private static string? WhereOf(JsonElement verdict) => verdict.GetProperty("findings").EnumerateArray()
        .Select(finding => finding.GetProperty("where"))
        .Where(where => where.ValueKind != JsonValueKind.Null)
        .Select(where => where.GetProperty("sentence").GetString())
        .FirstOrDefault();

    private static async Task MoveWhenDueAsync(HttpClient client, string id, SimulationPlan plan, DateTimeOffset upgradeAt, DateTimeOffset now)
    {
        var phase = now == upgradeAt ? "upgrading" : now == upgradeAt.AddSeconds(plan.RolloutSteps * StepSeconds) ? "post-upgrade" : null;
        if (phase is not null) await PostAsync(client, $"api/v1/upgrades/{id}/phase", new() { ["phase"] = phase }).ConfigureAwait(false);
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, Dictionary<string, string> body)
    {
        using var response = await client.PostAsJsonAsync(path, body).ConfigureAwait(false);
        var text = await response.Content.ReadAsStringAsync().ConfigureAwait(false);
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"{path} answered {(int)response.StatusCode}: {text}");
        return JsonDocument.Parse(text).RootElement.Clone();
    }

    private static ServeSettings Settings() => new()
    {
        Urls = ["http://127.0.0.1:0"],
        MetricsUrls = ["http://127.0.0.1:0"],
        RunWorkers = false,
        LogLevel = LogLevel.None,
    };

    private static UpgradeWatchOptions Options(SimulationPlan plan, TempFolder folder)
    {
        var evaluation = new EvaluationOptions
        {
            ObservationSeconds = (Steps - plan.RolloutSteps) * StepSeconds,
            BaselineSeconds = BaselineSteps * StepSeconds,
        };
        return new UpgradeWatchOptions
        {
            Evaluation = evaluation,
            Storage = new StorageOptions { Path = folder.File("store.db") },
            Targets = [new TargetOptions { Name = Target, Profile = "aspnetcore", Evaluation = evaluation }],
        };
    }
}
