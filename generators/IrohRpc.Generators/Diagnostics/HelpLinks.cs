namespace IrohRpc.Generators.Diagnostics;

/// <summary>Where the pages of diagnostics are to be read. They lie in the package as well, under docs/diagnostics.</summary>
internal static class HelpLinks
{
    /// <summary>The repository's pages.</summary>
    public const string Base = "https://github.com/irohrpc/irohrpc/blob/main/docs/diagnostics/";

    /// <summary>The page of a diagnostic.</summary>
    public static string For(string id) => $"{Base}{id}.md";
}
