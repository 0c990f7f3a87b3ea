namespace Backprop.Tests;

public class SymbolVersionsTests
{
    private static readonly byte[] Library = ElfLibrary.Asking(
        ("memcpy", "GLIBC_2.34"), ("wait", "GLIBCXX_3.4.30"), ("first", ElfLibrary.Newest), ("second", ElfLibrary.Newest));

    [Fact]
    public void Symbols_are_listed_by_the_version_they_are_asked_for_in()
    {
        var versions = new SymbolVersions(Library);

        Assert.Equal(["memcpy"], versions.SymbolsOf("GLIBC_2.34"));
        Assert.Equal(["first", "second"], versions.SymbolsOf(ElfLibrary.Newest));
        Assert.Empty(versions.SymbolsOf("GLIBCXX_3.4"));
    }

    [Fact]
    public void A_weak_version_differs_in_one_flag_and_leaves_the_original_alone()
    {
        var original = Library.ToArray();

        var weak = new SymbolVersions(original).WithWeak(ElfLibrary.Newest);

        Assert.Equal(Library, original);
        var changed = Assert.Single(Enumerable.Range(0, weak.Length), i => weak[i] != original[i]);
        Assert.Equal((0, 2), (original[changed], weak[changed]));
        Assert.Equal(weak, new SymbolVersions(weak).WithWeak(ElfLibrary.Newest));
    }

    [Fact]
    public void A_version_that_is_not_asked_for_cannot_be_made_weak() =>
        Assert.Throws<InvalidDataException>(() => new SymbolVersions(Library).WithWeak("GLIBCXX_3.4.33"));

    [Fact]
    public void A_library_that_is_cut_off_anywhere_is_refused() =>
        Assert.All(Enumerable.Range(0, Library.Length), length => Assert.Throws<InvalidDataException>(() => ReadAll(Library[..length])));

    [Fact]
    public void A_damaged_library_is_read_or_refused_and_nothing_else()
    {
        var random = new Random(1);
        var refused = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = Library.ToArray();
            for (var j = random.Next(1, 4); j > 0; j--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                ReadAll(damaged);
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 19_000);
    }

    [Theory]
    [InlineData(4, 1)] // 32 bits
    [InlineData(5, 2)] // big endian
    [InlineData(0, 'M')]
    public void Another_kind_of_file_is_refused(int position, int value)
    {
        var other = Library.ToArray();
        other[position] = (byte)value;

        Assert.Throws<InvalidDataException>(() => new SymbolVersions(other));
    }

    private static void ReadAll(byte[] library)
    {
        var versions = new SymbolVersions(library);
        versions.SymbolsOf(ElfLibrary.Newest);
        versions.WithWeak(ElfLibrary.Newest);
    }
}
