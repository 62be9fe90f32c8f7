namespace UpgradeWatch.Engine.Rollouts;

/// <summary>What instances of a target run.</summary>
/// <param name="Version">The version, for people.</param>
/// <param name="Identity">Tells it from any other: the version with the images. Two of the same version and images are the same.</param>
public sealed record RolloutTemplate(string Version, string Identity);
