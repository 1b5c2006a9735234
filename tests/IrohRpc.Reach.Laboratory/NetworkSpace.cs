using System.Diagnostics;

namespace IrohRpc.Reach.Laboratory;

/// <summary>A network namespace, which lives as long as the process that holds it.</summary>
internal sealed class NetworkSpace : IDisposable
{
    private readonly Process _holder;

    public NetworkSpace()
    {
        try
        {
            _holder = Process.Start(new ProcessStartInfo("unshare", ["-n", "sh", "-c", "ip link set lo up && echo ready && exec cat"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new LaboratoryException("unshare is not installed.");
        }

        if (_holder.StandardOutput.ReadLine() != "ready")
        {
            throw new LaboratoryException("This machine allows no network namespaces: they need root.");
        }
    }

    /// <summary>Runs a command inside.</summary>
    public void Run(string command, string? input = null) => Shell.Run($"nsenter --net=/proc/{_holder.Id}/ns/net {command}", input);

    /// <summary>Starts a program inside, with its input and output to this process.</summary>
    public Process Start(string program, params string[] arguments)
        => Process.Start(new ProcessStartInfo("nsenter", [$"--net=/proc/{_holder.Id}/ns/net", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>Lays a cable from here to another.</summary>
    /// <param name="name">The interface here.</param>
    /// <param name="other">The other namespace.</param>
    /// <param name="otherName">The interface there.</param>
    public void Connect(string name, NetworkSpace other, string otherName)
    {
        Run($"ip link add {name} type veth peer name {otherName} netns {other._holder.Id}");
        Run($"ip link set {name} up");
        other.Run($"ip link set {otherName} up");
    }

    public void Dispose()
    {
        if (!_holder.HasExited)
        {
            _holder.Kill();
            _holder.WaitForExit();
        }

        _holder.Dispose();
    }
}
