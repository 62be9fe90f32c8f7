using UpgradeWatch.Connectors.Grafana;
using UpgradeWatch.Http.Contracts;

namespace UpgradeWatch.Hosting;

/// <summary>Looks every minute whether Grafana answers and takes the credentials, so that it is known before there is something to annotate.</summary>
internal sealed class GrafanaHealth(GrafanaCheck check, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private volatile DependencyDocument? _latest;

    /// <summary>What the last look showed; null before the first.</summary>
    public DependencyDocument? Latest => _latest;

    /// <summary>Looks until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await LookAsync(cancellationToken);
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    /// <summary>Looks once.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var found = await check.RunAsync(cancellationToken);
        // What is only worth knowing makes it no failure.
        var latest = DependencyDocument.After(_latest, found.Problem, time.GetUtcNow());
        _latest = found.Note is null ? latest : latest with { LastError = found.Note };
    }
}
