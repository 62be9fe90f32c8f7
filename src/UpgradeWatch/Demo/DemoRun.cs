using System.Net;
using UpgradeWatch.Configuration;
using UpgradeWatch.Engine.Events;
using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Engine.Verdicts;
using UpgradeWatch.Hosting;

namespace UpgradeWatch.Demo;

/// <summary>
/// The whole story in about a minute: a service under load, watched by the same host as <c>serve</c> runs, upgraded
/// while it is watched. The judging side is told nothing but where the service's metrics are.
/// </summary>
/// <param name="scenario">Name of the scenario, for the story only.</param>
/// <param name="fault">What the new version really does wrong.</param>
/// <param name="settings">How the host is started.</param>
/// <param name="time">The clock.</param>
/// <param name="say">Takes the story line by line.</param>
internal sealed class DemoRun(string scenario, DemoFault fault, ServeSettings settings, TimeProvider time, Action<string> say)
{
    private const string Target = "shop";
    private const string NewVersion = "1.5.0";
    private const double StepSeconds = 0.5;
    private const int BaselineSteps = 60;
    private const int ObservedSteps = 50;

    // The first seconds of a process are slow while its code is compiled; they are no baseline.
    private static readonly TimeSpan SettleIn = TimeSpan.FromSeconds(4);

    /// <summary>Runs it and returns the upgrade with its final verdict.</summary>
    /// <param name="afterwards">What to do while everything is still up.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Upgrade> RunAsync(Func<ServeHost, Upgrade, Task> afterwards, CancellationToken cancellationToken)
    {
        var (old, upgraded) = (new DemoRelease(DemoRelease.OldVersion, DemoFault.None), new DemoRelease(NewVersion, fault));
        var folder = Directory.CreateTempSubdirectory("upgradewatch-demo-");
        var service = await DemoService.StartAsync(new ListenAddress(IPAddress.Loopback, 0), old, time, cancellationToken).ConfigureAwait(false);
        try
        {
            var url = service.Url;
            await using var load = new DemoLoad(new Uri(url, "checkout"), old.RequestsPerSecond, time);
            await using var host = ServeHost.Build(Options(new Uri(url, "metrics"), Path.Combine(folder.FullName, "demo.db")), settings);
            await Task.Delay(SettleIn, time, cancellationToken).ConfigureAwait(false);
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
            say($"scenario {scenario}: UpgradeWatch is not told which");
            say($"UpgradeWatch answers at {host.ApiUrls[0]} and shows its metrics at {new Uri(host.MetricsUrls[0], "metrics")}");
            say($"{Target} {old.Version} answers {old.RequestsPerSecond:0} requests a second at {new Uri(url, "checkout")}");
            var upgrades = host.Services.GetRequiredService<UpgradeService>();
            using var story = new Story(upgrades, say, time);
            var id = await BeginAsync(upgrades, cancellationToken).ConfigureAwait(false);
            say($"watching it for {BaselineSteps * StepSeconds:0} s before the upgrade: that is what it will be compared with");
            await Task.Delay(TimeSpan.FromSeconds((BaselineSteps + 1) * StepSeconds), time, cancellationToken).ConfigureAwait(false);

            await MoveAsync(upgrades, id, Phase.Upgrading, cancellationToken).ConfigureAwait(false);
            await service.DisposeAsync().ConfigureAwait(false);
            service = await DemoService.StartAsync(ListenAddress.Parse(url.ToString()), upgraded, time, cancellationToken).ConfigureAwait(false);
            load.PerSecond = upgraded.RequestsPerSecond;
            await MoveAsync(upgrades, id, Phase.PostUpgrade, cancellationToken).ConfigureAwait(false);
            say($"watching it for {ObservedSteps * StepSeconds:0} s after the upgrade");

            await story.Final.WaitAsync(cancellationToken).ConfigureAwait(false);
            var ended = (await upgrades.FindAsync(id, cancellationToken).ConfigureAwait(false))!;
            Summarise(ended);
            await afterwards(host, ended).ConfigureAwait(false);
            await host.StopAsync(cancellationToken).ConfigureAwait(false);
            return ended;
        }
        finally
        {
            await service.DisposeAsync().ConfigureAwait(false);
            folder.Delete(recursive: true);
        }
    }

    private void Summarise(Upgrade ended)
    {
        say($"the verdict on {Target} {NewVersion} is final: {ended.Verdict.Status.ToText()}");
        foreach (var finding in ended.Verdict.Findings) say($"  {finding.Result.Status.ToText(),-12} {finding.Result.Reason}");
    }

    private static UpgradeWatchOptions Options(Uri metrics, string store)
    {
        var evaluation = new EvaluationOptions
        {
            IntervalSeconds = StepSeconds,
            StepSeconds = StepSeconds,
            DelaySeconds = StepSeconds,
            BaselineSeconds = BaselineSteps * StepSeconds,
            ObservationSeconds = ObservedSteps * StepSeconds,
            MinimumSeconds = ObservedSteps * StepSeconds,
        };
        return new UpgradeWatchOptions
        {
            Evaluation = evaluation,
            Storage = new StorageOptions { Path = store },
            Targets = [new TargetOptions { Name = Target, Profile = "auto", ScrapeUrl = metrics, Evaluation = evaluation }],
        };
    }

    private static async Task<string> BeginAsync(UpgradeService upgrades, CancellationToken cancellationToken)
    {
        var command = new BeginCommand { Target = Target, FromVersion = DemoRelease.OldVersion, ToVersion = NewVersion, By = "demo" };
        return Expect(await upgrades.BeginAsync(command, cancellationToken).ConfigureAwait(false)).Id;
    }

    private static async Task MoveAsync(UpgradeService upgrades, string id, Phase phase, CancellationToken cancellationToken) =>
        Expect(await upgrades.AdvanceAsync(id, new AdvanceCommand { Phase = phase, By = "demo" }, cancellationToken).ConfigureAwait(false));

    private static Upgrade Expect(CommandResult result) =>
        result.Upgrade ?? throw new InvalidOperationException($"The demo could not go on: {result.Refusal!.Detail}");

    /// <summary>Tells what happens, as it happens.</summary>
    private sealed class Story : IDisposable
    {
        private readonly UpgradeService _upgrades;
        private readonly Action<string> _say;
        private readonly TimeProvider _time;
        private readonly long _began;
        private string _lastVerdict = "pending";
        private readonly TaskCompletionSource _final = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Story(UpgradeService upgrades, Action<string> say, TimeProvider time)
        {
            (_upgrades, _say, _time, _began) = (upgrades, say, time, time.GetTimestamp());
            _upgrades.Published += Tell;
        }

        /// <summary>Ends when the verdict is final.</summary>
        public Task Final => _final.Task;

        public void Dispose() => _upgrades.Published -= Tell;

        private void Tell(EngineEvent told)
        {
            var line = told.Type switch
            {
                "phase" => $"phase    {told.State}",
                "finding" when told.State is "warn" or "fail" or "inconclusive" => $"finding  {told.Subject}: {told.State} ({told.Code}). {told.Text}",
                "verdict" when told.State != _lastVerdict => $"verdict  {_lastVerdict = told.State}. {told.Text}",
                _ => null,
            };
            if (line is not null) _say($"{_time.GetElapsedTime(_began).TotalSeconds,5:0.0} s  {line}");
            if (told.Type == "verdict" && _upgrades.Newest(Target) is { Verdict.Final: true }) _final.TrySetResult();
        }
    }
}
