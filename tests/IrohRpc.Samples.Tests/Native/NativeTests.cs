using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests.Native;

/// <summary>The library in a program without a just-in-time compiler and without what nobody calls.</summary>
public sealed class NativeTests(NativePrograms programs)
{
    [Fact]
    public async Task Programs_compile_to_native_code_without_a_warning_about_the_library()
    {
        string[] output = await programs.OutputAsync();

        // MemoryPack's own, about its search for formatters, show that the analysis took place. There is no other.
        Assert.DoesNotContain(output, line => line.Contains(": warning", StringComparison.Ordinal));
        string[] findings = [.. output.Where(line => line.Contains(" analysis warning IL", StringComparison.Ordinal))];
        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.Contains(": MemoryPack.", finding, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_native_greeter_makes_every_kind_of_call()
    {
        string[] lines = (await ChildProcess.RunAsync(await programs.FindAsync("Greeter", "greeter"))).Split('\n');
        GreeterTranscript.AssertShownBy(lines);
        Assert.Single(lines, GreeterTranscript.Remark);
    }

    [Fact]
    public async Task Collections_and_generics_of_records_go_between_a_native_service_and_a_native_caller()
    {
        string program = await programs.FindAsync("IrohRpc.Native", "native-shapes");
        await using ChildProcess service = ChildProcess.Start(program, ["serve"]);
        string ticket = await service.Output.LineAsync("endpoint");

        string said = await ChildProcess.RunAsync(program, "call", ticket);

        Assert.Contains("every shape came back", said, StringComparison.Ordinal);
    }
}
