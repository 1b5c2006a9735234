using System.Text.RegularExpressions;
using IrohRpc.Samples.Tests.Packages;
using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests;

/// <summary>
/// An application of several projects, written from the documents and built from the packages alone: hosting, policies, telemetry, streams, callbacks, tests of its own. What it needed and did not find was
/// added; this keeps it so.
/// </summary>
public sealed class OutsideApplicationTests(PackageFeed feed)
{
    private static readonly string[] Projects = ["Contracts", "Service", "Client", "Tests"];

    [Fact]
    public async Task An_application_from_the_packages_builds_without_a_warning_passes_its_tests_and_runs()
    {
        OutsideFolder folder = await feed.NewFolderAsync("printshop");
        await CopyAsync(folder);
        await folder.WriteAsync("PrintShop.slnx", $"<Solution>{string.Concat(Projects.Select(static project => $"<Project Path=\"{project}/{project}.csproj\" />"))}</Solution>");
        (bool succeeded, string output) = await folder.BuildAsync("PrintShop.slnx", "-p:RunAnalyzers=true");
        if (output.Contains("error NU1301", StringComparison.Ordinal))
        {
            Assert.Skip("The packages of others cannot be had here: " + output);
        }

        Assert.True(succeeded && !output.Contains(": warning ", StringComparison.Ordinal), output);

        string tests = await ChildProcess.RunAsync(folder.File("Tests/bin/Debug/net10.0/Tests"), "--no-ansi");
        Assert.Contains("succeeded: 2", tests, StringComparison.Ordinal);

        await folder.WriteAsync("operators.txt", "# nobody");
        await using ChildProcess service = ChildProcess.Start(
            "dotnet",
            folder.File("Service/bin/Debug/net10.0/Service.dll"),
            "--contentRoot",
            folder.File("Service"),
            $"--Peer:SecretKeyFile={folder.File("keys/printshop.key")}",
            $"--PrintShop:Operators={folder.File("operators.txt")}");
        string line = await service.Output.LineAsync("Its ticket is ");
        string client = await ChildProcess.RunAsync(
            "dotnet", folder.File("Client/bin/Debug/net10.0/Client.dll"), Regex.Match(line, "endpoint[a-z2-7]{40,}").Value, folder.File("keys/client.key"));
        Assert.Contains("printers: laser", client, StringComparison.Ordinal);
        Assert.Contains("uploaded: 100000", client, StringComparison.Ordinal);
        Assert.Contains("printed: thesis, 6 pages", client, StringComparison.Ordinal);
        Assert.Contains("PermissionDenied: ", client, StringComparison.Ordinal);
        Assert.Contains("cardNumber=[redacted]", service.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("4111", service.Output.Text, StringComparison.Ordinal);
        service.Terminate();
        Assert.Equal(0, await service.ExitAsync());
    }

    // With versions in one place, as here; nothing else of this repository reaches the application.
    private async Task CopyAsync(OutsideFolder folder)
    {
        string props = await folder.ReadAsync("Directory.Build.props");
        int start = props.IndexOf("<ItemGroup>", StringComparison.Ordinal);
        await folder.WriteAsync("Directory.Build.props", props.Remove(start, props.IndexOf("</ItemGroup>", start, StringComparison.Ordinal) + "</ItemGroup>".Length - start));
        string[] packages = ["IrohRpc", "IrohRpc.Extensions.Hosting", "IrohRpc.Extensions.OpenTelemetry", "IrohRpc.Extensions.Policies", "IrohRpc.Testing"];
        await folder.WriteAsync("Directory.Packages.props", $"""
            <Project>
              <Import Project="{PackageFeed.Repository}/Directory.Packages.props" />
              <ItemGroup>
                {string.Concat(packages.Select(package => $"<PackageVersion Include=\"{package}\" Version=\"{feed.Version}\" />"))}
              </ItemGroup>
            </Project>
            """);
        string source = Path.Combine(PackageFeed.Repository, "tests", "IrohRpc.Samples.Tests", "Outside", "PrintShop");
        foreach (string file in Projects.SelectMany(project => Directory.GetFiles(Path.Combine(source, project), "*.*")))
        {
            await folder.WriteAsync(Path.GetRelativePath(source, file), await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
    }
}
