namespace UpgradeWatch.TestKit.Grafana;

/// <summary>The versions of Grafana that answer differently.</summary>
public enum GrafanaVersion
{
    /// <summary>7.5.5: what is missing is a 500, errors of a body are arrays.</summary>
    V7,

    /// <summary>9.4: what is missing is a 404, tags are limited, records name the dashboard's uid.</summary>
    V9,

    /// <summary>11: as 9.4, and records that come from no alert have no fields of one.</summary>
    V11,
}
