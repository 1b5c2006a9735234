using System.Diagnostics;
using IrohRpc.Reach.Tests.Interop;
using IrohRpc.Tests.Shared.Iroh;

namespace IrohRpc.Reach.Tests;

/// <summary>
/// Pairs of hosts in network namespaces, with NATs, firewalls and bad links between them: each gets to the other, directly or through the relay as it must
/// be, and no call is lost. The laboratory's own command runs all pairs and prints the table of docs/reach.md.
/// </summary>
public sealed class NatLaboratoryTests(Iroh1Installation installation) : IClassFixture<Iroh1Installation>
{
    private const int MachineLacksSomething = 77;

    [Theory]
    [InlineData("Open", "Open")]
    [InlineData("Open", "Nat")]
    [InlineData("Open", "SymmetricNat")]
    [InlineData("Open", "DoubleNat")]
    [InlineData("Open", "UdpBlocked")]
    [InlineData("SmallMtu", "Lossy")]
    [InlineData("WithIpv6", "Open")]
    [InlineData("Nat", "Open")]
    [InlineData("Nat", "Nat")]
    [InlineData("OpenNat", "SymmetricNat")]
    [InlineData("SymmetricNat", "SymmetricNat")]
    [InlineData("Nat", "DoubleNat")]
    [InlineData("SymmetricNat", "DoubleNat")]
    [InlineData("UdpBlocked", "UdpBlocked")]
    [InlineData("MappingNat", "Nat")]
    [InlineData("SymmetricNat", "MappingNat")]
    public Task A_pair_takes_the_path_that_it_must(string server, string caller) => RunAsync("run", server, caller);

    [Theory]
    [InlineData("SameNetwork")]
    [InlineData("SameNat")]
    [InlineData("SameHairpinNat")]
    public Task Two_behind_one_NAT_take_the_path_that_they_must(string neighbourhood) => RunAsync("run", neighbourhood);

    [Theory]
    [InlineData("serve", "Nat", "Open")]
    [InlineData("call", "Open", "Nat")]
    [InlineData("serve", "Nat", "MappingNat")]
    [InlineData("serve", "MappingNat", "Nat")]
    [InlineData("call", "SymmetricNat", "MappingNat")]
    [InlineData("serve", "Nat", "Nat")]
    [InlineData("call", "UdpBlocked", "Nat")]
    public Task Real_iroh_on_one_side_takes_the_path_that_it_must(string role, string server, string caller)
    {
        Assert.SkipWhen(installation.Unavailable is not null, installation.Unavailable ?? "");
        return RunAsync("iroh", role, installation.ScriptOf(IrohInstallation.Iroh1), server, caller);
    }

    [Theory]
    [InlineData("PCP")]
    [InlineData("NAT-PMP")]
    [InlineData("UPnP")]
    public Task A_port_that_a_router_maps_is_reached_from_outside_until_it_is_given_back(string protocol) => RunAsync("map", protocol);

    [Theory]
    [InlineData("Open", "Open")]
    [InlineData("Open", "Nat")]
    [InlineData("Nat", "Nat")]
    public Task A_caller_whose_address_changes_goes_on_calling(string server, string caller) => RunAsync("move", server, caller);

    private static async Task RunAsync(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "Network namespaces need Linux and root.");
        using Process process = Process.Start(
            new ProcessStartInfo(LaboratoryNetwork.Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string table = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(process.ExitCode == MachineLacksSomething, await errors);
        Assert.True(process.ExitCode == 0, table + await errors);
    }
}
