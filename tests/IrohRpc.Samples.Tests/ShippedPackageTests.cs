using System.Text;
using IrohRpc.Samples.Tests.Packages;

namespace IrohRpc.Samples.Tests;

/// <summary>Recording what ships, by the command that a user types, in projects outside this repository.</summary>
public sealed class ShippedPackageTests(PackageFeed feed)
{
    private const string Record = "-p:RecordContracts=true";
    private const string Shipped = "IrohRpc.Shipped.txt";

    private const string Library = """
        using IrohRpc;
        using MemoryPack;

        [Alpn("library/1")]
        public partial interface ILibrary
        {
            Task<Book> FindAsync(string title, CancellationToken cancellationToken = default);
        }

        [MemoryPackable(GenerateType.VersionTolerant)]
        public partial class Book
        {
            [MemoryPackOrder(0)] public string? Title { get; init; }
        }
        """;

    [Fact]
    public async Task What_ships_is_recorded_held_to_added_to_and_recorded_again()
    {
        OutsideFolder folder = await feed.NewFolderAsync("library");
        await folder.WriteAsync("Library.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        await folder.WriteAsync("ILibrary.cs", Library);

        string output = await folder.MustBuildAsync("Library.csproj", Record);
        string first = await folder.ReadAsync(Shipped);
        Assert.Contains($"Recorded what ships in {folder.File(Shipped)}; commit it.", output, StringComparison.Ordinal);
        Assert.Contains("alpn library/1\n  method Find (string)->Book ", first, StringComparison.Ordinal);

        // As an editor on Windows leaves it.
        byte[] windows = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(first.ReplaceLineEndings("\r\n"))];
        await File.WriteAllBytesAsync(folder.File(Shipped), windows, TestContext.Current.CancellationToken);

        // Broken, with the error silenced besides.
        await folder.WriteAsync("ILibrary.cs", "#pragma warning disable IROHRPC032\n" + Library.Replace("string title", "int title", StringComparison.Ordinal));
        (bool succeeded, output) = await folder.BuildAsync("Library.csproj", "--no-restore", Record);
        Assert.False(succeeded, output);
        Assert.Contains(
            "error : Not recorded, because something that shipped would break: IROHRPC032: Under \"library/1\", 'ILibrary.FindAsync' takes i32 as parameter 1",
            output,
            StringComparison.Ordinal);
        Assert.Equal(windows, await File.ReadAllBytesAsync(folder.File(Shipped), TestContext.Current.CancellationToken));

        // Added to, under a version of its own.
        await folder.WriteAsync("ILibrary.cs", Library
            .Replace("[Alpn(\"library/1\")]", "[Alpn(\"library/2\"), Alpn(\"library/1\")]", StringComparison.Ordinal)
            .Replace("    Task<Book>", "    [Since(\"library/2\")] void Close();\n\n    Task<Book>", StringComparison.Ordinal));
        output = await folder.MustBuildAsync("Library.csproj", "--no-restore");
        Assert.Contains("warning IROHRPC031: \"library/2\" is added to what shipped under \"library/1\"", output, StringComparison.Ordinal);

        output = await folder.MustBuildAsync("Library.csproj", "--no-restore", Record);
        Assert.DoesNotContain("IROHRPC031", output, StringComparison.Ordinal);
        byte[] second = await File.ReadAllBytesAsync(folder.File(Shipped), TestContext.Current.CancellationToken);
        string secondText = Encoding.UTF8.GetString(second);
        Assert.StartsWith("\uFEFF" + first.ReplaceLineEndings("\r\n"), secondText, StringComparison.Ordinal);
        Assert.Contains("\r\nalpn library/2\r\n  method Close ()->oneway ", secondText, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", secondText.Replace("\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);

        // Lost, and recorded again with nothing to compile.
        File.Delete(folder.File(Shipped));
        await folder.MustBuildAsync("Library.csproj", "--no-restore", Record);
        Assert.Equal(secondText[1..].ReplaceLineEndings("\n"), await folder.ReadAsync(Shipped));
    }

    [Fact]
    public async Task Several_contract_projects_and_target_frameworks_are_recorded_by_one_command()
    {
        OutsideFolder folder = await feed.NewFolderAsync("monorepo");
        await folder.WriteAsync("All.slnx", """
            <Solution>
              <Project Path="One/One.csproj" />
              <Project Path="Two/Two.csproj" />
            </Solution>
            """);
        await folder.WriteAsync("One/One.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\" />");
        await folder.WriteAsync("One/IOne.cs", "using IrohRpc;\n\n[Alpn(\"one/1\")]\npublic partial interface IOne { void F(int a); }\n");
        await folder.WriteAsync("Two/Two.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework />
                <TargetFrameworks>net10.0;net10.0-windows</TargetFrameworks>
                <EnableWindowsTargeting>true</EnableWindowsTargeting>
                <DisableTransitiveFrameworkReferenceDownloads>true</DisableTransitiveFrameworkReferenceDownloads>
              </PropertyGroup>
            </Project>
            """);
        const string two = "using IrohRpc;\n\n[Alpn(\"two/1\")]\npublic partial interface ITwo { void F(int a); }\n";
        await folder.WriteAsync("Two/ITwo.cs", two);

        await folder.MustBuildAsync("All.slnx", Record);
        string one = await folder.ReadAsync("One/" + Shipped);
        string recorded = await folder.ReadAsync("Two/" + Shipped);
        Assert.Contains("alpn one/1\n  method F (i32)->oneway ", one, StringComparison.Ordinal);
        Assert.Equal(one.Replace("one/1", "two/1", StringComparison.Ordinal), recorded);
        Assert.Equal(2, Directory.GetFiles(folder.File("."), Shipped + "*", SearchOption.AllDirectories).Count(file => !file.EndsWith(".lock", StringComparison.Ordinal)));

        // One project adds. The other has a contract for one target framework, which one file cannot hold: whichever of both builds writes, the next one tells.
        await folder.WriteAsync("One/IOther.cs", "using IrohRpc;\n\n[Alpn(\"other/1\")]\npublic partial interface IOther { void F(); }\n");
        await folder.WriteAsync("Two/ITwo.cs", two + "\n#if WINDOWS\n[Alpn(\"three/1\")]\npublic partial interface IThree { void F(); }\n#endif\n");
        await folder.BuildAsync("All.slnx", "--no-restore", Record);
        Assert.Contains("alpn other/1", await folder.ReadAsync("One/" + Shipped), StringComparison.Ordinal);
        (bool succeeded, string output) = await folder.BuildAsync("Two/Two.csproj", "--no-restore");
        Assert.False(succeeded, output);
        Assert.Contains("error IROHRPC037: \"three/1\" shipped, and no contract serves it", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_has_the_package_through_another_is_protected_and_a_lost_record_is_missed()
    {
        OutsideFolder folder = await feed.NewFolderAsync("transitive");
        string props = await folder.ReadAsync("Directory.Build.props");
        int start = props.IndexOf("<ItemGroup>", StringComparison.Ordinal);
        string references = props[start..(props.IndexOf("</ItemGroup>", start, StringComparison.Ordinal) + "</ItemGroup>".Length)];
        await folder.WriteAsync("Directory.Build.props", props.Replace(references, "", StringComparison.Ordinal));
        await folder.WriteAsync("Models/Models.csproj", $"<Project Sdk=\"Microsoft.NET.Sdk\">{references}</Project>");
        await folder.WriteAsync("Models/Book.cs", "using MemoryPack;\n\n[MemoryPackable]\npublic partial class Book\n{\n    public string? Title { get; init; }\n    public int Year;\n    [MemoryPackInclude]\n    private int _copies = 1;\n    public int Copies() => _copies;\n}\n");
        await folder.WriteAsync("App/App.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup><ProjectReference Include=\"../Models/Models.csproj\" /></ItemGroup></Project>");
        await folder.WriteAsync("App/IBooks.cs", "using IrohRpc;\n\n[Alpn(\"books/1\")]\npublic partial interface IBooks { Task<Book> FindAsync(int id, CancellationToken cancellationToken = default); }\n");

        string output = await folder.MustBuildAsync("App/App.csproj");
        Assert.DoesNotContain("IROHRPC030", output, StringComparison.Ordinal);
        output = await folder.MustBuildAsync("App/App.csproj", "-p:Configuration=Release");
        Assert.Contains("warning IROHRPC030", output, StringComparison.Ordinal);
        output = await folder.MustBuildAsync("App/App.csproj", "--no-restore", Record);
        Assert.Contains("Nothing was recorded in", output, StringComparison.Ordinal);
        string recorded = await folder.ReadAsync("App/" + Shipped);
        Assert.Contains("type Book{Title:string, Year:i32, _copies:i32}", recorded, StringComparison.Ordinal);
        output = await folder.MustBuildAsync("App/App.csproj", "--no-restore", Record);
        Assert.Contains("is up to date: nothing new was recorded.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("IROHRPC03", await folder.MustBuildAsync("App/App.csproj", "--no-restore"), StringComparison.Ordinal);

        File.Delete(folder.File("App/" + Shipped));
        (bool succeeded, output) = await folder.BuildAsync("App/App.csproj", "--no-restore");
        Assert.False(succeeded, output);
        Assert.Contains("error IROHRPC049: IrohRpc.Shipped.txt was there at an earlier build and is gone", output, StringComparison.Ordinal);

        Directory.Delete(folder.File("App/obj"), recursive: true);
        (succeeded, output) = await folder.BuildAsync("App/App.csproj", "-p:IrohRpcShippedContracts=required");
        Assert.False(succeeded, output);
        Assert.Contains("error IROHRPC030", output, StringComparison.Ordinal);
        output = await folder.MustBuildAsync("App/App.csproj", "-p:IrohRpcShippedContracts=false", Record);
        Assert.Contains("nothing was recorded, because IrohRpcShippedContracts is false here.", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_written_only_where_it_changes_and_never_over_what_the_compiler_did_not_see()
    {
        OutsideFolder folder = await feed.NewFolderAsync("task");
        string[] names = ["same", "other", "refused", "empty", "missing"];
        await folder.WriteAsync("Tasks.proj", $"""
            <Project DefaultTargets="Build">
              <Import Project="{PackageFeed.Repository}/src/IrohRpc/build/IrohRpc.targets" />
              <Target Name="Build">
                {string.Concat(names.Select(name => $"""
                    <WriteShippedContracts Record="{folder.File(name + ".cs")}" File="{folder.File(name + ".txt")}" LockFile="{folder.File("lock")}" ContinueOnError="true" />

                    """))}
              </Target>
            </Project>
            """);
        const string record = "//over nothing\n//|# A comment.\n//|\n//|alpn a/1\n";
        await folder.WriteAsync("same.cs", record);
        await folder.WriteAsync("same.txt", "\uFEFF# A comment.\r\n\r\nalpn a/1\r\n");
        await folder.WriteAsync("other.cs", record);
        await folder.WriteAsync("other.txt", "alpn b/1\n");
        await folder.WriteAsync("refused.cs", "//over nothing\n//refused because\n//|alpn a/1\n");
        await folder.WriteAsync("empty.cs", "//over nothing\n//|# A comment.\n");
        var longAgo = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(folder.File("same.txt"), longAgo);

        (_, string output) = await folder.BuildAsync("Tasks.proj", "--no-restore");

        Assert.Equal(longAgo, File.GetLastWriteTimeUtc(folder.File("same.txt")));
        Assert.Equal("alpn b/1\n", await folder.ReadAsync("other.txt"));
        Assert.Contains("other.txt : warning : Not recorded, because the file changed under this build.", output, StringComparison.Ordinal);
        Assert.Contains("refused.txt : warning : Not recorded, because something that shipped would break: because", output, StringComparison.Ordinal);
        Assert.Contains("The contracts were not recorded: the generator of IrohRpc did not run.", output, StringComparison.Ordinal);
        Assert.Equal(["other.txt", "same.txt"], Directory.GetFiles(folder.File("."), "*.txt*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
