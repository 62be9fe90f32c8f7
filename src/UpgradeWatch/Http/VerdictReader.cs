using UpgradeWatch.Engine.Options;
using UpgradeWatch.Engine.Upgrades;
using UpgradeWatch.Security;

namespace UpgradeWatch.Http;

/// <summary>Upgrades as they are to be answered at this moment, and the waiting for their change.</summary>
internal sealed class VerdictReader(
    UpgradeService upgrades, EngineOptions options, Documents documents, ChangeSignal changes, WaitingRoom waiting, TimeProvider time, IHostApplicationLifetime life)
{
    /// <summary>Makes the answers.</summary>
    public Documents Documents => documents;

    /// <summary>Wakes who waits.</summary>
    public ChangeSignal Changes => changes;

    /// <summary>Bounds who waits.</summary>
    public WaitingRoom Waiting => waiting;

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>One upgrade; null when there is none.</summary>
    public async ValueTask<Upgrade?> FindAsync(string id, CancellationToken cancellationToken) =>
        await upgrades.FindAsync(id, cancellationToken) is { } upgrade ? upgrades.AsReadNow(upgrade) : null;

    /// <summary>The newest upgrade of a target; null when it never had one.</summary>
    public Upgrade? Newest(string target) => upgrades.Newest(target) is { } upgrade ? upgrades.AsReadNow(upgrade) : null;

    /// <summary>404 for a target without an upgrade, or that is not known.</summary>
    public IResult NoUpgradeOf(string target, Visitor visitor)
    {
        if (options.Find(target) is not null) return Problems.Of(404, $"target '{target}' has not had an upgrade yet; POST /api/v1/upgrades opens one").Answer();
        string[] known = [.. options.Targets.Select(t => t.Name).Where(visitor.Sees)];
        return Problems.Of(404, $"target '{Shown.Short(target)}' is not known; known: {string.Join(", ", known)}", "target", known).Answer();
    }

    /// <summary>Waits for a change or until the time is up; false when the server is about to stop.</summary>
    public async Task<bool> WaitAsync(Task next, TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, life.ApplicationStopping);
        try
        {
            await ChangeSignal.WaitAsync(next, atMost, time, end.Token);
            return true;
        }
        catch (OperationCanceledException) when (life.ApplicationStopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
