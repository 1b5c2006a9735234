using System.Reflection;
using System.Runtime.InteropServices;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;

namespace IrohRpc.Samples.Tests;

/// <summary>The library in a program without a just-in-time compiler and without what nobody calls.</summary>
public sealed class NativeTests
{
    // A bound for machines that are slow or busy; it takes half a minute.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Greeter_compiles_to_native_code_without_a_warning_about_the_library_and_makes_every_kind_of_call()
    {
        string[] linker = Linker();
        using var folder = new TemporaryFolder();

        string[] output = await PublishAsync("samples/Greeter/Greeter.csproj", folder, linker);

        // MemoryPack's own, about its search for formatters, show that the analysis took place. There is no other.
        Assert.DoesNotContain(output, line => line.Contains(": warning", StringComparison.Ordinal));
        string[] findings = [.. output.Where(line => line.Contains(" analysis warning IL", StringComparison.Ordinal))];
        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.Contains(": MemoryPack.", finding, StringComparison.Ordinal));
        string[] lines = (await ChildProcess.RunAsync(folder.File("published/greeter"))).Split('\n');
        GreeterTranscript.AssertShownBy(lines);
        Assert.Single(lines, GreeterTranscript.Remark);
    }

    [Fact]
    public async Task Collections_and_generics_of_records_go_between_a_native_service_and_a_native_caller()
    {
        string[] linker = Linker();
        using var folder = new TemporaryFolder();
        await PublishAsync("tests/IrohRpc.Native/IrohRpc.Native.csproj", folder, linker);
        await using ChildProcess service = ChildProcess.Start(folder.File("published/native-shapes"), ["serve"]);
        string ticket = await service.Output.LineAsync("endpoint");

        string said = await ChildProcess.RunAsync(folder.File("published/native-shapes"), "call", ticket);

        Assert.Contains("every shape came back", said, StringComparison.Ordinal);
    }

    /// <summary>What tells the SDK which linker there is; it takes clang where it is not told.</summary>
    private static string[] Linker()
    {
        if (InstalledSoftware.Find("clang") is not null)
        {
            return [];
        }

        Assert.SkipWhen(InstalledSoftware.Find("gcc") is null, "Neither clang nor gcc is installed, and native code needs one to be linked.");
        return ["-p:CppCompilerAndLinker=gcc", "-p:LinkerFlavor="];
    }

    private static async Task<string[]> PublishAsync(string project, TemporaryFolder folder, string[] linker)
    {
        await using ChildProcess publish = ChildProcess.Start(
            "dotnet",
            [
                "publish",
                Path.Combine(Repository, project),
                "--configuration",
                "Release",
                "--runtime",
                RuntimeIdentifier,
                "--artifacts-path",
                folder.File("artifacts"),
                "--output",
                folder.File("published"),
                "-nodeReuse:false",
                "-p:UseSharedCompilation=false",
                "-p:Native=true",
                "-p:TrimmerSingleWarn=false",
                "-p:TreatWarningsAsErrors=false",
                .. linker,
            ]);
        int code = await publish.ExitAsync(Patience);
        Assert.SkipWhen(
            code != 0 && publish.Output.Text.Contains("error NU", StringComparison.Ordinal), $"The native compiler could not be had:\n{publish.Output.Text}");
        Assert.True(code == 0, $"{publish.Output.Text}\n{publish.Errors.Text}");
        return publish.Output.Lines;
    }

    private static string Repository { get; } = typeof(NativeTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == "Repository").Value!;

    // Without the distribution's name, which the SDK of a distribution puts into its own.
    private static string RuntimeIdentifier { get; }
        = $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
}
