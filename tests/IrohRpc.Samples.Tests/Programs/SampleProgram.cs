using System.Reflection;

namespace IrohRpc.Samples.Tests.Programs;

/// <summary>Where the samples were built, the benchmarks, and the laboratory of networks.</summary>
internal static class SampleProgram
{
    public static readonly string Benchmarks = Find("tests/IrohRpc.Benchmarks", "benchmarks");

    public static readonly string Chat = Find("samples/Chat", "chat");

    public static readonly string Drop = Find("samples/Drop", "drop");

    public static readonly string Echo = Find("samples/Echo", "echo");

    public static readonly string Greeter = Find("samples/Greeter", "greeter");

    public static readonly string KeyValue = Find("samples/KeyValue", "keyvalue");

    public static readonly string Laboratory = Find("tests/IrohRpc.Reach.Laboratory", "laboratory");

    public static readonly string Tunnel = Find("samples/Tunnel", "tunnel");

    public static readonly string Versions = Find("samples/Versions", "versions");

    private static string Find(string project, string program)
    {
        string configuration = typeof(SampleProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(one => one.Key == "Configuration").Value!;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string name = OperatingSystem.IsWindows() ? program + ".exe" : program;
            string path = Path.Combine(folder.FullName, project, "bin", configuration, "net10.0", name);
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new InvalidOperationException($"{project} was not built for {configuration}.");
    }
}
