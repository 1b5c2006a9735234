using System.ComponentModel;
using System.Diagnostics;

namespace IrohRpc.Reach.Laboratory;

/// <summary>Programs of the system.</summary>
internal static class Shell
{
    /// <summary>Whether a program is installed.</summary>
    public static bool Has(string program)
        => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs a command line, its parts separated by spaces.</summary>
    /// <exception cref="LaboratoryException">It failed, or is not installed.</exception>
    public static void Run(string command, string? input = null)
    {
        string[] parts = command.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(parts[0], parts[1..]) { RedirectStandardError = true, RedirectStandardInput = true, RedirectStandardOutput = true })!;
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new LaboratoryException($"{command}: {errors.Trim()}");
            }
        }
        catch (Win32Exception)
        {
            throw new LaboratoryException($"{parts[0]} is not installed.");
        }
    }
}

/// <summary>The machine does not give what the laboratory needs.</summary>
internal sealed class LaboratoryException(string message) : Exception(message);
