using UpgradeWatch.Engine.Verdicts;

namespace UpgradeWatch.Http.Contracts;

/// <summary>Who took an SLI out of deciding an upgrade, and why.</summary>
internal sealed record AcknowledgementDocument
{
    /// <summary>The SLI.</summary>
    public required string Sli { get; init; }

    /// <summary>Who; null when not known.</summary>
    public required string? By { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Until when it holds; null for as long as the upgrade is open.</summary>
    public required DateTimeOffset? Until { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>The judge's own reason in one word for the finding, which "acknowledged" stands before; null where nothing is found yet.</summary>
    public required string? Code { get; init; }

    /// <summary>Turns what the engine knows into what the API says.</summary>
    public static AcknowledgementDocument Of(Acknowledgement said, Finding? finding) => new()
    {
        Sli = said.Sli,
        By = said.By,
        At = said.At,
        Until = said.Until,
        Reason = said.Reason,
        Code = finding?.Result.Code,
    };
}
