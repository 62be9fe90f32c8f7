namespace UpgradeWatch.Engine.Upgrades;

/// <summary>Changes cannot be stored.</summary>
/// <param name="Message">Why, for people.</param>
/// <param name="Since">Since when.</param>
public sealed record StoreTrouble(string Message, DateTimeOffset Since);
