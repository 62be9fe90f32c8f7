using UpgradeWatch.Connectors.Prometheus;
using UpgradeWatch.Engine.Options;

namespace UpgradeWatch.Cli.Live;

/// <summary>What one target gave when it was really asked.</summary>
internal sealed record LiveTarget(TargetOptions Target, LiveCheckReport Report)
{
    /// <summary>Whether something that it needs is not there.</summary>
    public bool IsMissing => Report.Plan is null || Report.Queries.Any(IsMissingIn);

    /// <summary>Whether a query has no answer that could be judged. Without bad events the service has simply not failed yet.</summary>
    public static bool IsMissingIn(QueryCheck query) =>
        query.Failure is not null || (query.Empty is not null && query.Purpose != QueryPurpose.Bad);
}
