using System.Reflection;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>
/// Where the pages of diagnostics are to be read: in the repository that the packages name, as of the version that is built. An editor opens the link of a
/// diagnostic as a URL, and cannot find the pages that lie in the package, under docs/diagnostics, since compilers load analyzers from copies elsewhere.
/// </summary>
internal static class HelpLinks
{
    /// <summary>The folder of the pages, from the property <c>RepositoryUrl</c> of the build.</summary>
    public static string Base { get; } = typeof(HelpLinks).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "HelpLinks").Value!;

    /// <summary>The page of a diagnostic.</summary>
    public static string For(string id) => $"{Base}{id}.md";
}
