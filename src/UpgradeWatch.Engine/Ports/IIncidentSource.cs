namespace UpgradeWatch.Engine.Ports;

/// <summary>Where people note incidents: Grafana's annotations. Trouble is an answer, not an exception.</summary>
public interface IIncidentSource
{
    /// <summary>Incidents of a target within a window, and those of all targets.</summary>
    Task<SourceReply<IncidentList>> FindAsync(string target, DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken);
}

/// <summary>Incidents that were found.</summary>
public sealed record IncidentList(IReadOnlyList<Incident> Incidents);

/// <summary>Time in which a target was not itself.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="Until">Its end.</param>
/// <param name="Text">What somebody wrote about it; may be long, and anything may be in it.</param>
public sealed record Incident(DateTimeOffset From, DateTimeOffset Until, string Text);
