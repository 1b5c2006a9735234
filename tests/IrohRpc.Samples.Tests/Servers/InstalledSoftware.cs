namespace IrohRpc.Samples.Tests.Servers;

/// <summary>Programs that the system may or may not have.</summary>
internal static class InstalledSoftware
{
    // PostgreSQL's server programs are not on the path in Debian, and nginx not on everybody's.
    private static readonly string[] Folders =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        "/usr/sbin",
        "/usr/local/sbin",
        .. PostgreSqlFolders(),
    ];

    public static string? Find(string program)
        => Folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>The full paths of the programs; the test is skipped where one is missing.</summary>
    public static string[] Require(params string[] programs)
    {
        foreach (string program in programs)
        {
            Assert.SkipWhen(Find(program) is null, $"{program} is not installed.");
        }

        return [.. programs.Select(program => Find(program)!)];
    }

    private static IEnumerable<string> PostgreSqlFolders()
    {
        const string Root = "/usr/lib/postgresql";
        return Directory.Exists(Root)
            ? Directory.GetDirectories(Root).OrderDescending().Select(folder => Path.Combine(folder, "bin"))
            : [];
    }
}
