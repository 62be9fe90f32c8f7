namespace UpgradeWatch.Connectors.Tests.Profiles;

/// <summary>Both classes of tests look at the same Prometheus.</summary>
[CollectionDefinition(Name)]
public sealed class ProfileFleetCollection : ICollectionFixture<ProfileFleet>
{
    public const string Name = "profiles";
}
