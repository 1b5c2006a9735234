using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IrohRpc.Tests.Shared.Iroh;

/// <summary>A network of this test's own that holds nothing but loopback, so that nothing reaches the outside or comes from there. Needs root on Linux.</summary>
internal sealed partial class NetworkNamespace : IDisposable
{
    private const int CloneNewNetwork = 0x40000000;

    private readonly Process _holder;
    private readonly SafeFileHandle _handle;

    private NetworkNamespace(Process holder)
    {
        _holder = holder;
        _handle = File.OpenHandle($"/proc/{holder.Id}/ns/net");
    }

    /// <summary>Makes a namespace.</summary>
    /// <param name="reason">Why there is none.</param>
    public static NetworkNamespace? TryCreate(out string reason)
    {
        reason = "A network namespace needs Linux and root.";
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        try
        {
            Process holder = Process.Start(new ProcessStartInfo("unshare", ["-n", "sh", "-c", "ip link set lo up && echo ready && exec cat"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
            if (holder.StandardOutput.ReadLine() == "ready")
            {
                return new NetworkNamespace(holder);
            }

            holder.WaitForExit();
            reason = "unshare or ip failed: this machine allows no network namespaces.";
            return null;
        }
        catch (Win32Exception)
        {
            reason = "unshare (util-linux) is not installed.";
            return null;
        }
    }

    /// <summary>Runs something on a thread inside the namespace: sockets that it makes are inside.</summary>
    public T Run<T>(Func<T> action)
    {
        T result = default!;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                if (SetNamespace(_handle, CloneNewNetwork) != 0)
                {
                    throw new InvalidOperationException($"setns failed ({Marshal.GetLastPInvokeError()}).");
                }

                result = action();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null ? result : throw new InvalidOperationException(failure.Message, failure);
    }

    /// <summary>A command that runs a program inside the namespace.</summary>
    public ProcessStartInfo Command(string program, params string[] arguments)
        => new("nsenter", [$"--net=/proc/{_holder.Id}/ns/net", program, .. arguments]);

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        _holder.Kill();
        _holder.WaitForExit();
        _holder.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle descriptor, int type);
}
