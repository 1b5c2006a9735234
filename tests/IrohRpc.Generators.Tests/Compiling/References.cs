using System.Reflection;
using MemoryPack;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Tests.Compiling;

/// <summary>What a user's project refers to, taken from the running program, so that nothing is downloaded.</summary>
internal static class References
{
    /// <summary>The framework, MemoryPack and IrohRpc.</summary>
    public static IReadOnlyList<MetadataReference> All { get; } = Collect();

    /// <summary>MemoryPack's own generator, without which its types are only half there.</summary>
    public static ISourceGenerator MemoryPackGenerator => LoadGenerator();

    /// <summary>The value of an assembly metadata attribute that the project file sets.</summary>
    public static string ProjectProperty(string key)
        => typeof(References).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    private static List<MetadataReference> Collect()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        string[] own = [typeof(MemoryPackSerializer).Assembly.Location, typeof(AlpnAttribute).Assembly.Location,
            typeof(PeerEndpoint).Assembly.Location, typeof(PeerConnection).Assembly.Location, typeof(EndpointId).Assembly.Location,
            typeof(Gossip.GossipTopic).Assembly.Location];
        return [.. trusted.Where(path => Path.GetDirectoryName(path) == framework).Concat(own)
            .Select(path => MetadataReference.CreateFromFile(path))];
    }

    private static ISourceGenerator LoadGenerator()
    {
        Type type = Assembly.LoadFrom(ProjectProperty("MemoryPackGenerator")).GetTypes()
            .Single(candidate => !candidate.IsAbstract && candidate.IsAssignableTo(typeof(IIncrementalGenerator)));
        return ((IIncrementalGenerator)Activator.CreateInstance(type)!).AsSourceGenerator();
    }
}
