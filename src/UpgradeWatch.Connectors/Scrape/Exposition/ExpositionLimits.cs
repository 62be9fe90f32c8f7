namespace UpgradeWatch.Connectors.Scrape.Exposition;

/// <summary>How much of a target's answer is read before it is refused.</summary>
internal sealed record ExpositionLimits
{
    /// <summary>Bytes of the body, both as sent and unpacked.</summary>
    public int BodyBytes { get; init; } = 32 << 20;

    /// <summary>Bytes of one line.</summary>
    public int LineBytes { get; init; } = 64 << 10;

    /// <summary>Bytes of one label's value.</summary>
    public int LabelValueBytes { get; init; } = 16 << 10;

    /// <summary>Samples in one body.</summary>
    public int Samples { get; init; } = 200_000;
}
