namespace UpgradeWatch.Connectors.Grafana;

/// <summary>What is read of a data source.</summary>
internal sealed record FoundDataSource(long Id, string? Uid, string? Name, string? Type);

/// <summary>The answer to the question for a data source's number.</summary>
internal sealed record DataSourceNumber(long Id);
