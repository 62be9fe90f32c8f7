namespace UpgradeWatch.Connectors.Scrape.Steps;

/// <summary>As what a signal takes a series.</summary>
internal enum SampleRole
{
    /// <summary>Counter of all events.</summary>
    All,

    /// <summary>Counter of bad events.</summary>
    Bad,

    /// <summary>One bucket of the histogram.</summary>
    Bucket,

    /// <summary>The gauge.</summary>
    Value,

    /// <summary>What the gauge is divided by.</summary>
    Per,
}

/// <summary>The way of a series' samples into a signal.</summary>
/// <param name="Signal">The signal.</param>
/// <param name="Role">As what.</param>
/// <param name="Bound">Upper bound of a bucket in seconds; else 0.</param>
internal readonly record struct Route(SignalRecorder Signal, SampleRole Role, double Bound);
