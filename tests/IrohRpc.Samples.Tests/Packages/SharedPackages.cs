namespace IrohRpc.Samples.Tests.Packages;

/// <summary>Tests that use the packages, which are packed once for all of them.</summary>
[CollectionDefinition]
public sealed class SharedPackages : ICollectionFixture<PackageFeed>;
