package federation_test

import (
	"testing"

	"hearth/community"
)

func TestR18AGroupElsewhereHearsNothingOfWordsDeletedBeforeTheyWent(t *testing.T) {
	eachWriters(t, func(w *writers) {
		went := w.write(w.ada, "", "went")
		w.must(w.DeliverOnce(w.Context()))
		kept, err := w.service.WritePost(w.Context(), w.ada, community.Draft{GroupID: w.group.ID, Text: "never went", Language: "en"})
		w.must(err)
		_, err = w.service.DeletePost(w.Context(), w.ada, kept.ID)
		w.must(err)
		w.publishAndDeliver()
		w.wantTold("Create")
		_, err = w.service.DeletePost(w.Context(), w.ada, went.ID)
		w.must(err)
		w.publishAndDeliver()
		w.wantTold("Create", "Delete")
	})
}
