using UpgradeWatch.Engine.Ports;

namespace UpgradeWatch.Engine.Tests.Watches;

/// <summary>Answers with the incidents of a test, or with trouble, or not at all.</summary>
internal sealed class ScriptedIncidents(params IReadOnlyList<Incident> incidents) : IIncidentSource
{
    public SourceFailure? Failure { get; init; }

    public async Task<SourceReply<IncidentList>> FindAsync(string target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return Failure is not null ? Failure : new IncidentList([.. incidents.Where(one => one.From < until && one.Until > from)]);
    }
}
