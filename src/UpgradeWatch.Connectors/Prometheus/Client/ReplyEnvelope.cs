namespace UpgradeWatch.Connectors.Prometheus;

/// <summary>What is around the data of a reply.</summary>
internal sealed record ReplyEnvelope
{
    /// <summary><c>success</c> or <c>error</c>; null when it is missing.</summary>
    public string? Status { get; set; }

    /// <summary>Kind of the error.</summary>
    public string? ErrorType { get; set; }

    /// <summary>The error in words.</summary>
    public string? Error { get; set; }

    /// <summary>What the answer lacks. Remarks about the query (<c>infos</c>) are not among them.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Whether there was any data.</summary>
    public bool HasData { get; set; }
}
